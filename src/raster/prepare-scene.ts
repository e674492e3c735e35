import type { Layer, LayerMesh, Lens, Raster, Scene } from '../core/index.ts';
import { blurredBackdrop } from './blurred-backdrop.ts';
import { prepareDetail, type PreparedDetail } from './prepared-detail.ts';
import { boxUnder } from './box-under.ts';
import { patchesOf, type Patches } from './patches.ts';
import { scaleThatFits } from './scale-that-fits.ts';
import { sharpTexture, type SharpScale, type SharpTexture } from './sharp-texture.ts';
import { surroundsOf } from './surrounds.ts';
import { wantedTiles } from './wanted-tiles.ts';

/** A layer as it is drawn. */
export interface PreparedLayer {
  margin: number;
  /** Five numbers a vertex, see LayerMesh. */
  vertices: Float32Array;
  /** Whole and soft triangles each lie from near to far, so that what is hidden costs little. */
  indices: Uint32Array;
  softStart: number;
  sharp: SharpTexture;
  patches: Patches;
}

/** A scene made ready for SoftwareRenderer. Plain data, structured-cloneable: made once, it can be sent to several workers. */
export interface PreparedScene {
  /** Size of the photo in layer pixels. */
  width: number;
  height: number;
  lens: Lens;
  /** Front first. */
  layers: PreparedLayer[];
  /** What shows where no layer has anything: the photo, very blurred. */
  blurred: Raster;
  detail?: PreparedDetail;
}

/** What of a scene is drawn. */
export type DrawnScene = Pick<Scene, 'width' | 'height' | 'lens' | 'layers' | 'meshes' | 'detail'>;

/**
 * Makes a scene ready, some tenths of a second for a million pixels. Keeps no part of it but the meshes' vertices and the detail photo.
 * @throws UnflatError `image-too-large` for one that would take too much memory.
 */
export function prepareScene(scene: DrawnScene, mostBytes?: number): PreparedScene {
  return resultOf(preparing({ ...scene, layers: [...scene.layers] }, mostBytes));
}

/** Takes all steps at once. */
export function resultOf<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a layer each. Takes the layers out of the scene, so that their memory can go as that of what is drawn comes. */
export function* preparing(scene: DrawnScene, mostBytes?: number): Generator<void, PreparedScene> {
  const { width, height, lens, meshes, detail } = scene;
  const scale = scaleThatFits(scene, mostBytes);
  const layers: PreparedLayer[] = [];
  let blurred: Raster = { width: 1, height: 1, rgba: new Uint8ClampedArray([128, 128, 128, 255]) };
  if (scene.layers[0]) blurred = blurredBackdrop(scene.layers[0]);
  for (const mesh of meshes) {
    if (scene.layers.length > 0) layers.push(prepareLayer(scene.layers.shift()!, mesh, scale));
    yield;
  }
  return {
    width,
    height,
    lens,
    layers,
    blurred,
    ...(detail && detail.width > width && { detail: prepareDetail(detail, width) }),
  };
}

function prepareLayer(layer: Layer, mesh: LayerMesh, scale: SharpScale): PreparedLayer {
  const sorted = inOrder(mesh.vertices, nearFirst(mesh), mesh.softStart);
  const box = boxUnder(layer, mesh);
  const whole = { x0: 0, y0: 0, x1: layer.width, y1: layer.height };
  return {
    margin: layer.margin,
    vertices: sorted.vertices,
    indices: sorted.indices,
    softStart: mesh.softStart,
    sharp: sharpTexture(layer, box, wantedTiles(box, mesh), scale),
    patches: patchesOf(layer, sorted, surroundsOf(layer, wantedTiles(whole, mesh, mesh.softStart))),
  };
}

/** The mesh's triangles, whole and soft ones each from near to far; the two of a quad stay together. */
function nearFirst({ vertices, indices, softStart }: LayerMesh): Uint32Array {
  const sorted = indices.slice();
  sortPart(vertices, indices, sorted, 0, softStart / 3);
  sortPart(vertices, indices, sorted, softStart / 3, indices.length / 3);
  return sorted;
}

/** The vertices in the order in which the triangles ask for them, so that drawing reads memory from beginning to end. */
function inOrder(vertices: Float32Array, indices: Uint32Array, softStart: number): LayerMesh {
  const places = new Int32Array(vertices.length / 5).fill(-1);
  const ordered = new Float32Array(vertices.length);
  let count = 0;
  const renamed = indices.map((from) => {
    if (places[from] === -1) {
      ordered.set(vertices.subarray(5 * from, 5 * from + 5), 5 * count);
      places[from] = count++;
    }
    return places[from]!;
  });
  return { vertices: ordered.subarray(0, 5 * count), indices: renamed, softStart };
}

/** More triangles than any mesh may have, and so few that a number has room for them and a depth. */
const PLACES = 2 ** 21;

function sortPart(vertices: Float32Array, indices: Uint32Array, sorted: Uint32Array, start: number, end: number): void {
  const depths = new Float32Array(end - start);
  for (let t = 0; t < depths.length; t++) {
    const i = (start + t) * 3;
    depths[t] = vertices[indices[i]! * 5 + 2]! + vertices[indices[i + 1]! * 5 + 2]! + vertices[indices[i + 2]! * 5 + 2]!;
  }
  for (let t = 0; t + 1 < depths.length; t++) {
    // Triangles with two corners in common are one quad.
    const i = (start + t) * 3;
    if (indices[i + 1] !== indices[i + 4] && indices[i + 2] !== indices[i + 3]) continue;
    depths[t] = depths[t + 1] = (depths[t]! + depths[t + 1]!) / 2;
    t++;
  }
  // Numbers sort many times faster than by a function: what is before the point is the depth, farthest highest, what is after it the place.
  const bits = new Int32Array(depths.buffer);
  const keys = new Float64Array(depths.length).map((_, t) => (bits[t]! < 0 ? bits[t]! & 0x7fffffff : -bits[t]!) * PLACES + t).sort();
  keys.forEach((key, to) => {
    const from = ((key % PLACES) + PLACES) % PLACES;
    for (let k = 0; k < 3; k++) sorted[(start + to) * 3 + k] = indices[(start + from) * 3 + k]!;
  });
}
