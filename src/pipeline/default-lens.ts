import { DEFAULT_NEAR, lensFor, type Eyebox, type Lens, type Photo } from '../core/index.ts';

/** What is known of the lens, from the surest down: given, told by the depth source, read from EXIF, 53°. */
export function lensOf(photo: Photo, given: Lens | undefined, told: Partial<Lens> | undefined): Lens {
  return given ?? { ...lensFor(photo.width, photo.height, photo.focalLength ?? 1), ...told };
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
