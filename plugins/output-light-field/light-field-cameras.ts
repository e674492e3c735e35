import { inverseDepth, translation } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';

/** What is nearest in the picture, apart from a few wrong pixels, and what lies on the display's plane. */
const MIDDLE_PART = 0.5;

/**
 * Cameras from left to right, side by side and off-axis: what lies on the display's plane has the same place in all pictures.
 * @param frame the picture's camera at the photo's place.
 * @param focus inverse distance of that plane, 1/scene units. @param reach how far the outermost cameras are from the middle, in scene units.
 */
export function lightFieldCameras(frame: Camera, views: number, focus: number, reach: number): Camera[] {
  return Array.from({ length: views }, (_, i) => {
    const x = views === 1 ? 0 : reach * ((2 * i) / (views - 1) - 1);
    return { ...frame, cx: frame.cx + frame.fx * x * focus, c2w: translation(x, 0, 0) };
  });
}

/** Inverse distance of the middle of the scene's depth, 1/scene units: half of it comes out, half goes in. */
export function middleDepth({ depth, lens }: Scene): number {
  const seen = depth.disparity.filter((d) => d >= 0 && d <= 1).sort();
  return inverseDepth(lens, seen[Math.floor(MIDDLE_PART * (seen.length - 1))] ?? 0.5);
}
