import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import { Geometry } from '@babylonjs/core/Meshes/geometry.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { SubMesh } from '@babylonjs/core/Meshes/subMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene as BabylonScene } from '@babylonjs/core/scene.js';
import { inverseDepth, type Layer, type LayerMesh, type Raster, type Scene } from '../core/index.ts';
import { blurredBackdrop } from '../raster/index.ts';
import { disparitiesAround } from './disparities-around.ts';
import { photoMaterial, type PhotoMaterialOptions, type PhotoPass } from './photo-material.ts';

/** Babylon's numbers (its `Constants`). */
const GL = { red: 6, redGreen: 7, rgba: 5, bytes: 0, floats: 1, nearest: 1, bilinear: 2, trilinear: 3, clamp: 0 };
const VERTEX_NUMBERS = 5;
/** For picking and boxes the sky is this many times as far as the nearest thing. */
const MOST_DISTANCE = 1000;

/** A layered photo in a Babylon scene. */
export interface LayeredPhoto {
  /**
   * Axes as in glTF: x right, y up, the photo's camera at the origin looks along −z. Disposing of it gives back all that was made.
   * `metadata.eyebox`: largest |x|, |y|, |z| of a camera that looks around, scene units.
   */
  node: TransformNode;
  /** Its meshes, children of `node`. */
  meshes: Mesh[];
  materials: Material[];
  textures: RawTexture[];
}

/**
 * Makes the meshes, materials and textures of a layered photo, on a WebGL2 engine. Its meshes write depth where they are whole; soft
 * outlines are blended over what stands behind them, and sorted among other transparent meshes by their distance.
 */
export function layeredPhoto(photo: Scene, scene: BabylonScene): LayeredPhoto {
  const node = new TransformNode(photo.name || 'photo', scene);
  node.metadata = { eyebox: { ...photo.eyebox } };
  const meshes: Mesh[] = [];
  const materials: Material[] = [];
  const textures: RawTexture[] = [];
  const texture = (
    data: ArrayBufferView,
    { width, height }: { width: number; height: number },
    format: number,
    sampling: number,
    type = GL.bytes,
  ): RawTexture => {
    const made = new RawTexture(data, width, height, format, scene, sampling === GL.trilinear, false, sampling, type);
    made.wrapU = made.wrapV = GL.clamp;
    textures.push(made);
    return made;
  };
  const colours = (raster: Raster, sampling: number): RawTexture => texture(raster.rgba, raster, GL.rgba, sampling);
  const add = (name: string, geometry: Geometry, from: number, to: number, material: Material): void => {
    materials.push(material);
    if (from >= to) return;
    const mesh = new Mesh(`${node.name} ${name}`, scene, node);
    geometry.applyToMesh(mesh);
    mesh.releaseSubMeshes();
    new SubMesh(0, 0, mesh.getTotalVertices(), from, to - from, mesh);
    mesh.material = material;
    meshes.push(mesh);
  };

  const { detail, width } = photo;
  const mostPx = scene.getEngine().getCaps().maxTextureSize;
  const fine =
    detail && detail.width > width && Math.max(detail.width, detail.height) <= mostPx ? colours(detail, GL.trilinear) : undefined;
  // From back to front: among outlines at one distance, Babylon keeps this order.
  for (let index = photo.layers.length - 1; index >= 0; index--) {
    const layer = photo.layers[index]!;
    const shape = photo.meshes[index];
    if (!shape?.indices.length) continue;
    const { bytes, low, span } = disparitiesAround(layer);
    const plain = { colours: colours(layer, GL.bilinear), ...(index === 0 && fine && { detail: fine }) };
    const soft = {
      ...plain,
      disparities: texture(layer.disparity, layer, GL.red, GL.nearest, GL.floats),
      around: texture(bytes, layer, GL.redGreen, GL.nearest),
    };
    const geometry = geometryOf(photo, layer, shape, scene);
    const of = (pass: PhotoPass): PhotoMaterialOptions => ({
      photo,
      pass,
      index,
      margin: layer.margin,
      span: [low, span],
      textures: pass === 'whole' ? plain : soft,
    });
    add(`layer ${index}`, geometry, 0, shape.softStart, photoMaterial(scene, of('whole')));
    add(`silhouettes ${index}`, geometry, shape.softStart, shape.indices.length, photoMaterial(scene, of('softOpaque')));
    add(`outlines ${index}`, geometry, shape.softStart, shape.indices.length, photoMaterial(scene, of('softBlend')));
  }
  const first = photo.layers[0];
  if (first) {
    const { margin } = first;
    const backdrop = { blurred: colours(blurredBackdrop(first), GL.bilinear) };
    const geometry = geometryOf(photo, first, backdropOf(first), scene);
    add(
      'backdrop',
      geometry,
      0,
      6,
      photoMaterial(scene, { photo, pass: 'backdrop', index: photo.layers.length, margin, span: [0, 1], textures: backdrop }),
    );
  }
  node.onDisposeObservable.addOnce(() => {
    for (const each of [...materials, ...textures]) each.dispose();
  });
  return { node, meshes, materials, textures };
}

/** Fills what no layer holds: as large as the first layer, as far as the photo goes. */
function backdropOf({ width, height, disparity }: Layer): LayerMesh {
  const d = disparity.reduce((least, each) => (each > -4 && each < least ? each : least), 0);
  const corner = (x: number, y: number): number[] => [x, y, d, 0, 0];
  return {
    vertices: new Float32Array([corner(0, 0), corner(width, 0), corner(0, height), corner(width, height)].flat()),
    indices: new Uint32Array([0, 2, 1, 1, 2, 3]),
    softStart: 6,
  };
}

/** Places for boxes and picking, and what the shader takes. Soft triangles from far to near, as they blend rightly. */
function geometryOf({ lens, width, height }: Scene, { margin }: Layer, shape: LayerMesh, scene: BabylonScene): Geometry {
  const { vertices } = shape;
  const count = vertices.length / VERTEX_NUMBERS;
  const longer = Math.max(width, height);
  const positions = new Float32Array(3 * count);
  for (let v = 0; v < count; v++) {
    const [x = 0, y = 0, d = 0] = vertices.subarray(VERTEX_NUMBERS * v, VERTEX_NUMBERS * v + 3);
    const z = 1 / Math.max(inverseDepth(lens, d), 1 / (MOST_DISTANCE * lens.near));
    positions[3 * v] = (((x - margin) / longer - lens.cx) / lens.fx) * z;
    positions[3 * v + 1] = -(((y - margin) / longer - lens.cy) / lens.fy) * z;
    positions[3 * v + 2] = -z;
  }
  const data = new VertexData();
  data.positions = positions;
  data.indices = farFirst(shape);
  const geometry = new Geometry(Geometry.RandomId(), scene, data);
  const engine = scene.getEngine();
  const buffer = (kind: string, at: number, size: number): VertexBuffer =>
    new VertexBuffer(engine, vertices, kind, { updatable: false, stride: VERTEX_NUMBERS, offset: at, size });
  geometry.setVerticesBuffer(buffer('pixel', 0, 2));
  geometry.setVerticesBuffer(buffer('disparity', 2, 1));
  geometry.setVerticesBuffer(buffer('range', 3, 2));
  return geometry;
}

function farFirst({ vertices, indices, softStart }: LayerMesh): Uint32Array {
  const depth = (t: number): number =>
    [0, 1, 2].reduce((sum, k) => sum + vertices[indices[softStart + 3 * t + k]! * VERTEX_NUMBERS + 2]!, 0);
  const depths = Float32Array.from({ length: (indices.length - softStart) / 3 }, (_, t) => depth(t));
  const order = Uint32Array.from(depths.keys()).sort((a, b) => depths[a]! - depths[b]!);
  const sorted = indices.slice();
  order.forEach((from, to) => {
    for (let k = 0; k < 3; k++) sorted[softStart + 3 * to + k] = indices[softStart + 3 * from + k]!;
  });
  return sorted;
}
