import type { Layer, LayerMesh } from '../core/index.ts';
import type { Surrounds } from './surrounds.ts';
import { texelsOf } from './texture.ts';

/** Numbers that say where a patch is: where it begins in `texels`, its width, and the layer pixel of its first texel. */
export const PATCH_NUMBERS = 4;

/**
 * What each soft triangle shows of its layer: the pixels under it and one around, of its own surface alone. Colours are premultiplied by
 * the coverage in the highest byte: 0..254, and 255 where the 5×5 around are all wholly the surface's.
 */
export interface Patches {
  texels: Uint32Array<ArrayBuffer>;
  /** PATCH_NUMBERS a soft triangle, in the mesh's order. */
  places: Int32Array;
}

/** Where the patches lie, and how many texels they have together. */
function placesOf({ vertices, indices, softStart }: LayerMesh): { places: Int32Array; boxes: Int32Array; total: number } {
  const count = (indices.length - softStart) / 3;
  const places = new Int32Array(count * PATCH_NUMBERS);
  const boxes = new Int32Array(count * 4);
  let total = 0;
  for (let t = 0; t < count; t++) {
    const i = softStart + 3 * t;
    boxOf(vertices, indices, i, boxes, 4 * t);
    const isShared = t > 0 && sameSurface(vertices, indices, i, i - 3) && sameBox(boxes, 4 * t);
    const [x0, y0, x1, y1] = [boxes[4 * t]!, boxes[4 * t + 1]!, boxes[4 * t + 2]!, boxes[4 * t + 3]!];
    const wide = x1 - x0 + 3;
    // Two triangles of one quad show one patch.
    places[PATCH_NUMBERS * t] = isShared ? places[PATCH_NUMBERS * (t - 1)]! : total;
    places[PATCH_NUMBERS * t + 1] = wide;
    places[PATCH_NUMBERS * t + 2] = x0 - 1;
    places[PATCH_NUMBERS * t + 3] = y0 - 1;
    if (!isShared) total += wide * (y1 - y0 + 3);
  }
  return { places, boxes, total };
}

/** Bytes of a mesh's patches. */
export function patchBytes(mesh: LayerMesh): number {
  const { places, total } = placesOf(mesh);
  return places.byteLength + 4 * total;
}

/** Cuts the patches out once, so that drawing needs neither disparities nor a search around each pixel. */
export function patchesOf(layer: Layer, mesh: LayerMesh, around: Surrounds): Patches {
  const { vertices, indices, softStart } = mesh;
  const { places, boxes, total } = placesOf(mesh);
  const texels = new Uint32Array(total);
  for (let t = 0; t < places.length / PATCH_NUMBERS; t++) {
    const at = places[PATCH_NUMBERS * t]!;
    if (t > 0 && places[PATCH_NUMBERS * (t - 1)] === at) continue;
    const first = indices[softStart + 3 * t]! * 5;
    cut(layer, around, texels, at, boxes, 4 * t, vertices[first + 3]!, vertices[first + 4]!);
  }
  return { texels, places };
}

function boxOf(vertices: Float32Array, indices: Uint32Array, i: number, to: Int32Array, at: number): void {
  const [a, b, c] = [indices[i]! * 5, indices[i + 1]! * 5, indices[i + 2]! * 5];
  to[at] = Math.floor(Math.min(vertices[a]!, vertices[b]!, vertices[c]!));
  to[at + 1] = Math.floor(Math.min(vertices[a + 1]!, vertices[b + 1]!, vertices[c + 1]!));
  to[at + 2] = Math.ceil(Math.max(vertices[a]!, vertices[b]!, vertices[c]!));
  to[at + 3] = Math.ceil(Math.max(vertices[a + 1]!, vertices[b + 1]!, vertices[c + 1]!));
}

function sameBox(boxes: Int32Array, at: number): boolean {
  for (let k = 0; k < 4; k++) if (boxes[at + k] !== boxes[at - 4 + k]) return false;
  return true;
}

function sameSurface(vertices: Float32Array, indices: Uint32Array, i: number, j: number): boolean {
  const [a, b] = [indices[i]! * 5, indices[j]! * 5];
  return vertices[a + 3] === vertices[b + 3] && vertices[a + 4] === vertices[b + 4];
}

function cut(
  { width, height, rgba, disparity }: Layer,
  { low: lowest, high: highest }: Surrounds,
  texels: Uint32Array,
  at: number,
  boxes: Int32Array,
  box: number,
  low: number,
  high: number,
): void {
  const pixels = texelsOf(rgba);
  let o = at;
  const [x0, x1, y1] = [boxes[box]! - 1, boxes[box + 2]! + 2, boxes[box + 3]! + 2];
  for (let v = boxes[box + 1]! - 1; v < y1; v++) {
    const row = (v < 0 ? 0 : v < height ? v : height - 1) * width;
    for (let u = x0; u < x1; u++, o++) {
      const i = row + (u < 0 ? 0 : u < width ? u : width - 1);
      const d = disparity[i]!;
      if (!(d >= low && d <= high)) continue;
      const pixel = pixels[i]!;
      const isWhole = lowest[i]! >= low && highest[i]! <= high;
      if (pixel >>> 24 === 255) {
        texels[o] = isWhole ? pixel : pixel - 0x1000000;
        continue;
      }
      const alpha = Math.round(((pixel >>> 24) * 254) / 255);
      const part = alpha / 254;
      texels[o] =
        (((isWhole ? 255 : alpha) << 24) |
          (Math.round(((pixel >>> 16) & 255) * part) << 16) |
          (Math.round(((pixel >>> 8) & 255) * part) << 8) |
          Math.round((pixel & 255) * part)) >>>
        0;
    }
  }
}
