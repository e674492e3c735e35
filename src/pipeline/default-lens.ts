import { DEFAULT_NEAR, inverseDepth, lensFor, type Eyebox, type Lens, type Photo } from '../core/index.ts';

/** What is known of the lens, from the surest down: given, told by the depth source, read from EXIF, 53°. */
export function lensOf(photo: Photo, given: Lens | undefined, told: Partial<Lens> | undefined): Lens {
  return given ?? { ...lensFor(photo.width, photo.height, photo.focalLength ?? 1), ...told };
}

/**
 * The lens of a scene that is deeper (`strength` > 1) or shallower than `lens` makes it: what is farthest stays, and all
 * parallax against it is `strength` times as large for the same movement of the camera.
 */
export function strengthened(lens: Lens, strength: number): Lens {
  return strength === 1 ? lens : { ...lens, near: 1 / (inverseDepth(lens, 0) + strength * (inverseDepth(lens, 1) - inverseDepth(lens, 0))) };
}

/**
 * How far the camera goes by default: for the lens of the 2020 system 0.02 sideways and 0.06 forward,
 * which is all that its videos do and a little more. For other lenses the same movement on the screen.
 */
export function eyeboxFor({ fx, near }: Lens): Eyebox {
  const scale = near / DEFAULT_NEAR;
  const sideways = (0.02 * scale) / fx;
  return { x: sideways, y: sideways, z: 0.06 * scale };
}
