import type { CameraPath, PathKey } from 'unflat/plugin';
import type { Place } from './moves.ts';
import { windowOf } from './window-of.ts';

const FIELDS = ['x', 'y', 'z', 'zoom', 'centreX', 'centreY'] as const;
type At = Pick<PathKey, (typeof FIELDS)[number]>;

/** Where the camera is at a time of a path, in parts of the eyebox. @param seconds before the first key it stands there, after the last one likewise. */
export function alongPath({ keys }: CameraPath, seconds: number): At {
  let n = 0;
  while (n < keys.length - 2 && keys[n + 1]!.at <= seconds) n++;
  const from = keys[n]!;
  const to = keys[n + 1]!;
  const length = to.at - from.at;
  const t = Math.min(1, Math.max(0, (seconds - from.at) / length));
  const before = keys[n - 1];
  const after = keys[n + 2];
  const value = (field: (typeof FIELDS)[number]): number => {
    const [a, b] = [from[field], to[field]];
    if (from.easing === 'linear') return a + (b - a) * t;
    if (from.easing === 'smooth') return a + ((b - a) * (1 - Math.cos(Math.PI * t))) / 2;
    // A cubic through the keys (Catmull-Rom for times that are not even); it begins and ends at rest, and passes no key's value on the way.
    const slope = (left: PathKey | undefined, at: PathKey, right: PathKey | undefined): number => {
      if (!left || !right) return 0;
      const [l, r] = [at[field] - left[field], right[field] - at[field]];
      return l * r <= 0 ? 0 : (length * (right[field] - left[field])) / (right.at - left.at);
    };
    const limit = (wanted: number): number => Math.sign(b - a) * Math.min(Math.abs(wanted), 3 * Math.abs(b - a));
    const [m, k] = [limit(slope(before, from, to)), limit(slope(from, to, after))];
    const [t2, t3] = [t * t, t * t * t];
    return (2 * t3 - 3 * t2 + 1) * a + (t3 - 2 * t2 + t) * m + (3 * t2 - 2 * t3) * b + (t3 - t2) * k;
  };
  return Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as unknown as At;
}

/** The camera's places at the frames of a path. @param back goes there and back in that time. @param eyebox in scene units. */
export function placesAlong(
  path: CameraPath,
  frames: number,
  eyebox: { x: number; y: number; z: number },
  amount: number,
  back: boolean,
): Place[] {
  return Array.from({ length: frames }, (_, i) => {
    const part = back ? 1 - Math.abs((2 * i) / frames - 1) : i / Math.max(1, frames - 1);
    const { x, y, z, zoom, centreX, centreY } = alongPath(path, part * path.seconds);
    // Within the eyebox's ellipse, as in the viewer.
    const reach = Math.max(1, Math.hypot(x, y) * amount);
    const far = Math.min(1, Math.max(-1, z * amount));
    return {
      x: (x * amount * eyebox.x) / reach,
      y: (y * amount * eyebox.y) / reach,
      z: -far * eyebox.z,
      zoom,
      window: { x: windowOf(centreX, zoom), y: windowOf(centreY, zoom) },
    };
  });
}
