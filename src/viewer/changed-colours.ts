import { nextTask, type Layer, type LayerMesh, type Raster, type Scene } from '../core/index.ts';

/** Whether two scenes may differ in nothing but the colours of their layers: what can be said at once. */
export function mayDifferInColours(a: Scene, b: Scene): boolean {
  return (
    a !== b &&
    a.layers.length === b.layers.length &&
    a.meshes.length === b.meshes.length &&
    a.movement === b.movement &&
    sameNumbers([a.width, a.height, ...lensOf(a), ...eyeboxOf(a)], [b.width, b.height, ...lensOf(b), ...eyeboxOf(b)]) &&
    a.layers.every((layer, k) => sameNumbers(sizesOf(layer), sizesOf(b.layers[k]!))) &&
    a.meshes.every((mesh, k) => sameNumbers(countsOf(mesh), countsOf(b.meshes[k]!))) &&
    sameNumbers(frameOf(a.detail), frameOf(b.detail))
  );
}

/**
 * For each layer, whether its colours differ; undefined where something else does too, coverage among it. Looks at all of both
 * scenes, some ten milliseconds, in small pieces.
 * @param isLate asked between the pieces; once true the answer is undefined.
 */
export async function changedColours(a: Scene, b: Scene, isLate: () => boolean): Promise<boolean[] | undefined> {
  const changed: boolean[] = [];
  for (const isSame of comparisons(a, b, changed)) {
    if (!isSame) return undefined;
    await nextTask();
    if (isLate()) return undefined;
  }
  return changed;
}

function* comparisons(a: Scene, b: Scene, changed: boolean[]): Generator<boolean> {
  // Other triangles show soonest that it is another scene.
  for (const [k, mesh] of a.meshes.entries())
    yield sameWords(mesh.vertices, b.meshes[k]!.vertices) && sameWords(mesh.indices, b.meshes[k]!.indices);
  for (const [k, layer] of a.layers.entries()) {
    const other = b.layers[k]!;
    yield sameWords(layer.disparity, other.disparity);
    const difference = differingBits(layer.rgba, other.rgba);
    yield difference >>> 24 === 0;
    // One and the same array may have been drawn on.
    changed.push(difference !== 0 || layer.rgba === other.rgba);
  }
  if (a.detail && b.detail) yield sameWords(a.detail.rgba, b.detail.rgba);
}

const lensOf = ({ lens: { fx, fy, cx, cy, near, far } }: Scene): number[] => [fx, fy, cx, cy, near, far];
const eyeboxOf = ({ eyebox: { x, y, z } }: Scene): number[] => [x, y, z];
const sizesOf = ({ width, height, margin, rgba, disparity }: Layer): number[] => [width, height, margin, rgba.length, disparity.length];
const countsOf = ({ vertices, indices, softStart }: LayerMesh): number[] => [vertices.length, indices.length, softStart];
const frameOf = (raster: Raster | undefined): number[] => (raster ? [raster.width, raster.height, raster.rgba.length] : []);
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** Numbers as they lie in memory; undefined where they do not lie on whole words. */
function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint32Array | undefined {
  return byteOffset % 4 === 0 && byteLength % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : undefined;
}

function sameWords(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a === b) return true;
  const [x, y] = [wordsOf(a), wordsOf(b)];
  if (!x || !y || x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** The bits in which any two pixels differ, alpha highest; all bits where that cannot be said. */
function differingBits(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  if (a === b) return 0;
  const [x, y] = [wordsOf(a), wordsOf(b)];
  if (!x || !y) return 0xffffffff;
  let bits = 0;
  for (let i = 0; i < x.length; i++) bits |= x[i]! ^ y[i]!;
  return bits;
}
