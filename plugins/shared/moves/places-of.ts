import type { Scene } from 'unflat/plugin';
import { moveOf, type Place, type PhotoPart } from './moves.ts';

/** The nearest thing's distance in the units of the moves. */
const NEAREST = 1 / 3;

/** A point of the photo, in parts of its width and height from the left and the top, 0..1. */
export interface Focus {
  x: number;
  y: number;
}

export const MIDDLE: Focus = { x: 0.5, y: 0.5 };

/** From all of it to three quarters. */
export const VIEWS: { start: PhotoPart; end: PhotoPart } = { start: { ...MIDDLE, size: 1 }, end: { ...MIDDLE, size: 0.75 } };

/**
 * Where the camera is at each frame. After the last frame of a move that loops comes the first again.
 * @param amount 1 = the 2020 system's movement, as many times as the scene's depth asks for; each axis stays within its eyebox.
 * @param back goes from the end to the start again, where the move does not loop by itself: then it does.
 * @param views where a move begins and ends that goes from a view to a view.
 * @throws TypeError for a move that there is not.
 */
export function placesOf(move: string, scene: Scene, frames: number, amount: number, focus = MIDDLE, back = false, views = VIEWS): Place[] {
  const { path, loops } = moveOf(move);
  const { near, fx } = scene.lens;
  const unit = (amount * (scene.movement ?? 1) * near) / NEAREST;
  const aims = { focus: { x: 2 * focus.x - 1, y: 2 * focus.y - 1 }, ...views };
  const time = (i: number): number => (loops ? i / frames : back ? 1 - Math.abs((2 * i) / frames - 1) : i / Math.max(1, frames - 1));
  const places = Array.from({ length: frames }, (_, i) => path(time(i), aims));
  const scale = (axis: 'x' | 'y' | 'z', wanted: number): number => {
    const most = Math.max(...places.map((place) => Math.abs(place[axis])));
    return most * wanted > scene.eyebox[axis] ? scene.eyebox[axis] / most : wanted;
  };
  // The longer the lens, the more a sideways move shows; moving in shows as much with any lens.
  const by = { x: scale('x', unit / fx), y: scale('y', unit / fx), z: scale('z', unit) };
  return places.map((place) => ({ ...place, x: place.x * by.x, y: place.y * by.y, z: place.z * by.z }));
}

/** Distance of what lies at a point of the photo, by default its middle, as in the 2020 system, but the median of a window so that one pixel does not decide. */
export function subjectDistance(scene: Scene, focus = MIDDLE): number {
  const { width, height, disparity } = scene.depth;
  const half = Math.max(1, Math.round(Math.max(width, height) / 16));
  const [middleX, middleY] = [Math.floor(width * focus.x), Math.floor(height * focus.y)];
  const values: number[] = [];
  for (let y = Math.max(0, middleY - half); y < Math.min(height, middleY + half); y++) {
    for (let x = Math.max(0, middleX - half); x < Math.min(width, middleX + half); x++) {
      const d = disparity[y * width + x]!;
      if (d >= 0) values.push(d);
    }
  }
  const { near, far } = scene.lens;
  const d = Float32Array.from(values).sort()[values.length >> 1] ?? 0.5;
  // A far end at infinity would leave nothing to keep.
  return 1 / Math.max(d / near + (1 - d) / far, 1e-3 / near);
}
