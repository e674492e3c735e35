import { inverseDepth, translation } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';

/** Parts of the disparities that count as the nearest and the farthest: a few wrong pixels decide nothing. */
const NEAREST_PART = 0.995;
const FARTHEST_PART = 0.005;

/** “Comfortable”: what is nearest comes at most so far before the screen, what is farthest so far behind it, in parts of the width. */
const COMFORT = { near: 0.012, far: 0.02 };

/** The edge of the picture, in parts of its width, and which part of what lies there counts as its nearest. */
const EDGE_PART = 0.06;
const EDGE_NEAREST = 0.97;

export interface RigOptions {
  /** Difference of the disparities of what is nearest and what is farthest, in parts of the picture's width; undefined = comfortable. */
  depth?: number;
  /** What lies on the screen: 0 = what is farthest, 1 = what is nearest. */
  convergence: number;
}

/** Two eyes side by side, and what they see of the depth. */
export interface Rig {
  /** Distance between the eyes, in scene units. */
  baseline: number;
  /** Whether more was asked for than the scene has room for. */
  isLimited: boolean;
  /** Inverse distance of what lies on the screen, 1/scene units. */
  screen: number;
  /** Inverse distances of what is nearest and farthest, 1/scene units. */
  near: number;
  far: number;
}

/**
 * How far the eyes are apart. A point at inverse distance `i` has, in pixels of a picture with focal length `fx`, the disparity
 * `fx · baseline · (i − screen)` between the eyes: left minus right; above 0 it stands before the screen.
 * @param fx focal length in parts of the picture's width.
 */
export function rigOf(scene: Scene, fx: number, { depth, convergence }: RigOptions): Rig {
  const { lens } = scene;
  const seen = scene.depth.disparity.filter((d) => d >= 0 && d <= 1).sort();
  const at = (part: number): number => inverseDepth(lens, seen[Math.floor(part * (seen.length - 1))] ?? 0.5);
  const far = at(FARTHEST_PART);
  const near = Math.max(at(NEAREST_PART), far + 1e-3 / lens.near);
  const screen = far + convergence * (near - far);
  const range = fx * (near - far);
  const comfortable = Math.min(
    convergence < 1 ? COMFORT.near / (fx * (near - screen)) : Infinity,
    convergence > 0 ? COMFORT.far / (fx * (screen - far)) : Infinity,
  );
  const wanted = depth === undefined ? comfortable : depth / range;
  // Both eyes stay where something was filled in.
  const most = 2 * scene.eyebox.x;
  return { baseline: Math.min(wanted, most), isLimited: wanted > most, screen, near, far };
}

/** The cameras of both eyes at one moment. */
export interface Eyes {
  left: Camera;
  right: Camera;
}

/** Two eyes for each camera of a move, off-axis: both pictures lie in one plane, nothing is toed in. */
export function eyesOf(cameras: readonly Camera[], { baseline, screen }: Rig): Eyes[] {
  const eye = (camera: Camera, side: -1 | 1): Camera => {
    const x = (side * baseline) / 2;
    const [px = 0, py = 0, pz = 0] = [camera.c2w[3], camera.c2w[7], camera.c2w[11]];
    // What lies on the screen has the same place in both pictures.
    return { ...camera, cx: camera.cx + camera.fx * x * screenFrom(screen, pz), c2w: translation(px + x, py, pz) };
  };
  return cameras.map((camera) => ({ left: eye(camera, -1), right: eye(camera, 1) }));
}

/** The inverse distance, from a camera at z, of the plane at that inverse distance from the photo's camera. */
function screenFrom(screen: number, z: number): number {
  return screen / Math.max(0.1, 1 + screen * z);
}

/**
 * Strips at the outer edges that the floating window hides, in parts of the width: what stands before the screen and is cut off by the
 * picture's edge would hang in the air; hidden from the one eye that sees more of it, the edge comes forward with it.
 * @returns `left`: of the left eye's picture, at its left edge; `right`: of the right eye's, at its right edge.
 */
export function floatingWindow(scene: Scene, fx: number, { baseline, screen }: Rig): { left: number; right: number } {
  const { width, height, disparity } = scene.depth;
  const columns = Math.max(1, Math.round(width * EDGE_PART));
  const strip = (from: number): number => {
    const seen: number[] = [];
    for (let y = 0; y < height; y++) {
      for (let x = from; x < from + columns; x++) {
        const d = disparity[y * width + x]!;
        if (d >= 0 && d <= 1) seen.push(d);
      }
    }
    const nearest = Float32Array.from(seen).sort()[Math.floor(EDGE_NEAREST * (seen.length - 1))] ?? 0;
    return Math.max(0, fx * baseline * (inverseDepth(scene.lens, nearest) - screen));
  };
  return { left: strip(0), right: strip(width - columns) };
}
