import type { Scene } from 'unflat/plugin';

/** Where the camera is, in the scene's units: x right, y up, z towards the viewer (moving in is negative). */
export interface Place {
  x: number;
  y: number;
  z: number;
}

/**
 * The 2020 system's lengths, in units in which the nearest thing is a third away:
 * sideways of circle and swing, forward of all, and how much of the latter they go the other way first.
 * Source: arguments and path planning of "3D Photography using Context-aware Layered Depth Inpainting".
 */
const SIDEWAYS = 0.015;
const FORWARD = 0.05;
const BACKWARD_PART = 0.3;
const NEAREST = 1 / 3;

type Path = (t: number) => Place;

/** In, and out again. The 2020 system turns at once at the ends; this one slows down and speeds up. */
const straight: Path = (t) => {
  const ease = (1 - Math.cos(2 * Math.PI * t)) / 2;
  return { x: 0, y: 0, z: FORWARD * (BACKWARD_PART - (1 + BACKWARD_PART) * ease) };
};

/** Twice round (or to and fro) while it moves out and in once. */
function around(height: number): Path {
  return (t) => ({
    x: -SIDEWAYS * Math.cos(4 * Math.PI * t),
    y: height * Math.sin(4 * Math.PI * t),
    z: -FORWARD * (Math.cos(2 * Math.PI * t) + BACKWARD_PART),
  });
}

const PATHS: Readonly<Record<string, Path>> = {
  'zoom-in': straight,
  'dolly-zoom-in': straight,
  circle: around(SIDEWAYS),
  swing: around(0),
};

/**
 * The places of a video's frames. The frame after the last would be the first again.
 * @param amount 1 = the 2020 system's movement, as many times as the scene's depth asks for; each axis stays within its eyebox.
 */
export function placesOf(product: string, scene: Scene, frames: number, amount: number): Place[] {
  const path = PATHS[product];
  if (!path) throw new TypeError(`input.product must be one of ${Object.keys(PATHS).join(', ')}, got ${product}`);
  const { near, fx } = scene.lens;
  const unit = (amount * (scene.movement ?? 1) * near) / NEAREST;
  const places = Array.from({ length: frames }, (_, i) => path(i / frames));
  const scale = (axis: keyof Place, wanted: number): number => {
    const most = Math.max(...places.map((place) => Math.abs(place[axis])));
    return most * wanted > scene.eyebox[axis] ? scene.eyebox[axis] / most : wanted;
  };
  // The longer the lens, the more a sideways move shows; moving in shows as much with any lens.
  const by = { x: scale('x', unit / fx), y: scale('y', unit / fx), z: scale('z', unit) };
  return places.map(({ x, y, z }) => ({ x: x * by.x, y: y * by.y, z: z * by.z }));
}

/**
 * Distance of what the dolly zoom keeps at its size: the middle of the picture, as in the 2020
 * system, but the median of a window so that one pixel does not decide.
 */
export function subjectDistance(scene: Scene): number {
  const { width, height, disparity } = scene.depth;
  const half = Math.max(1, Math.round(Math.max(width, height) / 16));
  const values: number[] = [];
  for (let y = Math.max(0, (height >> 1) - half); y < Math.min(height, (height >> 1) + half); y++) {
    for (let x = Math.max(0, (width >> 1) - half); x < Math.min(width, (width >> 1) + half); x++) {
      const d = disparity[y * width + x]!;
      if (d >= 0) values.push(d);
    }
  }
  const { near, far } = scene.lens;
  const d = Float32Array.from(values).sort()[values.length >> 1] ?? 0.5;
  // A far end at infinity would leave nothing to keep.
  return 1 / Math.max(d / near + (1 - d) / far, 1e-3 / near);
}
