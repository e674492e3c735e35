import { DEFAULT_FAR, DEFAULT_NEAR, lensFor, type Eyebox, type Lens, type Photo } from '../core/index.ts';

/** What is known of the lens, from the surest down: given, told by the depth source, read from EXIF, 53°. */
export function defaultLens(photo: Photo, given: Lens | undefined, told: Partial<Lens> | undefined): Lens {
  return given ?? { ...lensFor(photo.width, photo.height, photo.focalLength ?? 1), ...told };
}

/**
 * A scene that is `strength` times as deep: things shift against each other so many times as much. What is nearest stays in
 * its place and what is farthest comes nearer or goes away; where it is as far as anything gets, the camera goes further instead.
 * @returns besides, how many times as far it goes, 1 or more.
 */
export function strengthened(lens: Lens, eyebox: Eyebox, strength: number): { lens: Lens; eyebox: Eyebox; movement: number } {
  const nearest = 1 / lens.near;
  const span = nearest - 1 / lens.far;
  const wanted = strength * span;
  const possible = Math.min(wanted, Math.max(span, nearest * (1 - DEFAULT_NEAR / DEFAULT_FAR)));
  const further = wanted / possible;
  return {
    lens: possible === span ? lens : { ...lens, far: 1 / (nearest - possible) },
    eyebox: { x: eyebox.x * further, y: eyebox.y * further, z: eyebox.z * further },
    movement: further,
  };
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
