import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/EXT_texture_webp.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_clearcoat.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_emissive_strength.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_ior.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_pbrSpecularGlossiness.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_sheen.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_specular.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_unlit.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_mesh_quantization.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_texture_transform.js';
import { ParseSpz } from '@babylonjs/loaders/SPLAT/spz.js';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { GaussianSplattingMesh } from '@babylonjs/core/Meshes/GaussianSplatting/gaussianSplattingMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { boxOf } from './box-of.ts';
import { Fault } from './fault.ts';
import { cameraOfMesh, type MeshCamera } from './camera-of-mesh.ts';
import type { Prepared3d } from './read-3d-file.ts';
import type { PlyShape } from './read-ply/read-ply.ts';
import type { Splats } from './read-ply/read-splats.ts';
import { roomLight } from './room-light.ts';
import { guessUp, type Box3d, type UpAxis } from './up-axis.ts';

/** What a file is, for a sentence about it. */
export interface Facts {
  kind: 'mesh' | 'points' | 'splats';
  /** Points, or splats, or the mesh's vertices. */
  count: number;
  triangles: number;
  /** Extent along x, y and z, in the file's units; of splats and points without strays. */
  size: [number, number, number];
}

/** A file's content in a Babylon scene, in the file's own axes. */
export interface Content {
  root: TransformNode;
  facts: Facts;
  box: Box3d;
  up: UpAxis;
  /** Set for photos that became a mesh: where one looks from at first. */
  camera?: MeshCamera & { eye: [number, number, number] };
  /** Set for points: their material, whose point size goes with the view. */
  points?: StandardMaterial;
  /** Its materials want a room around them. */
  isPhysical: boolean;
  /** Whether nothing is on its way any more, as the order of splats. */
  isSettled(): boolean;
}

/** Part of points and splats that are strays, on each side. */
const STRAYS = 0.002;
const GREY = new Color3(0.72, 0.72, 0.74);

/** Takes a prepared file into a right-handed scene. @throws what Babylon throws, or Fault. */
export function loadContent(prepared: Prepared3d, scene: Scene, isSoftware: boolean): Promise<Content> | Content {
  if (prepared.kind === 'gltf') return loadGltf(prepared, scene);
  if (prepared.kind === 'shape') return showShape(prepared.shape, scene);
  if (prepared.kind === 'splats') return showSplats(prepared.splats, scene, isSoftware);
  return unpackSplats(prepared, scene);
}

async function loadGltf({ gltf }: Prepared3d & { kind: 'gltf' }, scene: Scene): Promise<Content> {
  scene.environmentTexture = roomLight(scene);
  scene.environmentIntensity = 0.85;
  const { meshes } = await ImportMeshAsync(gltf.glb, scene, { pluginExtension: '.glb' });
  const root = meshes[0];
  if (!root) throw new Fault('there is nothing in it that can be shown');
  root.computeWorldMatrix(true);
  const { min, max } = root.getHierarchyBoundingVectors(true);
  const box: Box3d = { low: [min.x, min.y, min.z], high: [max.x, max.y, max.z] };
  if (![...box.low, ...box.high].every(Number.isFinite)) throw new Fault('its vertices have no place');
  const { vertices, triangles, points } = gltf;
  const isCloud = points > 0 && !triangles;
  const facts: Facts = { kind: isCloud ? 'points' : 'mesh', count: isCloud ? points : vertices, triangles, size: sizeOf(box) };
  return { root, box, facts, up: guessUp('gltf', box), isPhysical: true, isSettled: () => true };
}

function showShape({ kind, positions, centre, colours, indices, comments }: PlyShape, scene: Scene): Content {
  const box = boxOf(positions, 3, kind === 'points' ? STRAYS : 0);
  const mesh = new Mesh('shape', scene);
  const data = new VertexData();
  data.positions = positions;
  if (indices) data.indices = indices;
  const material = new StandardMaterial('shape', scene);
  material.backFaceCulling = false;
  material.specularColor = Color3.Black();
  if (kind === 'mesh' && !colours) {
    const normals = new Float32Array(positions.length);
    VertexData.ComputeNormals(positions, indices ?? [], normals);
    data.normals = normals;
    material.diffuseColor = GREY;
    material.twoSidedLighting = true;
  } else {
    material.disableLighting = true;
    material.emissiveColor = colours ? Color3.White() : GREY;
  }
  data.applyToMesh(mesh);
  if (colours)
    mesh.setVerticesBuffer(
      new VertexBuffer(scene.getEngine(), colours, VertexBuffer.ColorKind, {
        size: 4,
        stride: 4,
        type: VertexBuffer.UNSIGNED_BYTE,
        normalized: true,
        useBytes: true,
        takeBufferOwnership: true,
      }),
    );
  if (kind === 'points') material.pointsCloud = true;
  mesh.material = material;
  const camera = cameraOfMesh(comments);
  const count = positions.length / 3;
  return {
    root: mesh,
    box,
    facts: { kind, count, triangles: indices ? indices.length / 3 : 0, size: sizeOf(box) },
    up: guessUp(kind, box, comments),
    ...(camera && { camera: { ...camera, eye: [-centre[0], -centre[1], camera.z - centre[2]] } }),
    ...(kind === 'points' && { points: material }),
    isPhysical: false,
    isSettled: () => true,
  };
}

/** @param isPlain leaves out colours that change with the direction: a program in the graphics card's place takes too long over them. */
function showSplats({ count, rows, degree, directional }: Splats, scene: Scene, isPlain: boolean): Content {
  const textures =
    directional && !isPlain ? directionalTextures(directional, count, scene.getEngine().getCaps().maxTextureSize) : undefined;
  return splatContent(rows, count, scene, textures, degree);
}

async function unpackSplats({ from, bytes, count }: Prepared3d & { kind: 'packed-splats' }, scene: Scene): Promise<Content> {
  if (from === 'ply') return splatContent(await GaussianSplattingMesh.ConvertPLYToSplatAsync(bytes), count, scene);
  const { data, sh, shDegree } = await ParseSpz(bytes, scene, {});
  // The format says that y points up.
  return { ...splatContent(data, count, scene, sh ?? undefined, shDegree), up: 'y' };
}

function splatContent(rows: ArrayBuffer, count: number, scene: Scene, textures?: Uint8Array[], degree = 0): Content {
  const box = boxOf(new Float32Array(rows), 8, STRAYS);
  const mesh = new GaussianSplattingMesh('splats', null, scene);
  mesh.updateData(rows, textures, { flipY: false }, undefined, textures ? degree : 0);
  return {
    root: mesh,
    box,
    facts: { kind: 'splats', count, triangles: 0, size: sizeOf(box) },
    up: guessUp('splats', box),
    isPhysical: false,
    isSettled: () => mesh._isDepthSortSettled,
  };
}

/** Sixteen bytes a splat and texture, as Babylon's shader reads them. */
function directionalTextures(bytes: Uint8Array, count: number, width: number): Uint8Array[] {
  const a = bytes.length / count;
  const texels = Math.ceil(count / width) * width;
  return Array.from({ length: Math.ceil(a / 16) }, (_, t) => {
    const texture = new Uint8Array(texels * 16).fill(128);
    for (let s = 0; s < count; s++) texture.set(bytes.subarray(s * a + t * 16, Math.min((s + 1) * a, s * a + (t + 1) * 16)), s * 16);
    return texture;
  });
}

function sizeOf({ low, high }: Box3d): [number, number, number] {
  return [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
}
