/** Which axis of the file points up in the view. */
export type UpAxis = 'y' | '-y' | 'z' | '-z' | 'x' | '-x';

export const UP_AXES: readonly UpAxis[] = ['y', 'z', '-y', '-z', 'x', '-x'];

/** A box from its lowest to its highest corner, in the file's units. */
export interface Box3d {
  low: [number, number, number];
  high: [number, number, number];
}

/** How much flatter than long a shape must be along z to be taken for a landscape. */
const FLAT = 0.5;

/**
 * Guesses which way is up. glTF files say y. Photos turned into a mesh by the 2020 system, and splats, have y down. Other point clouds and
 * meshes: z where they are flat along it, as surveys and plans are, else y.
 * @param comments of a PLY file's header.
 */
export function guessUp(kind: 'gltf' | 'splats' | 'points' | 'mesh', { low, high }: Box3d, comments: readonly string[] = []): UpAxis {
  if (kind === 'gltf' || comments.some((text) => /made by Unflat/i.test(text))) return 'y';
  if (kind === 'splats' || isOf2020(comments)) return '-y';
  const [x, y, z] = low.map((value, axis) => high[axis]! - value) as [number, number, number];
  return z < FLAT * Math.min(x, y) && z > 0 ? 'z' : 'y';
}

/** Whether a PLY file is the 2020 system's: photo's size and fields of view, in radians, are all that it says. */
export function isOf2020(comments: readonly string[]): boolean {
  return ['H', 'W', 'hFov', 'vFov'].every((name) => comments.some((text) => new RegExp(`^${name} [\\d.]+$`).test(text)));
}
