import { NOTHING, type Layer, type LayerMesh, type Rect } from '../core/index.ts';

/** disparity = offset + step × level; both finite, step > 0. */
export interface Levels {
  offset: number;
  step: number;
}

export const MOST_LEVEL = 65_535;
/** So far round a triangle a renderer asks pixels whether they are its surface's. */
const ROUND_PX = 2;
/** A surface's bounds beyond those of all levels. */
const FAR_LEVEL = 2 ** 18;

/** The levels of a layer's disparities, no coarser than `step` unless two bytes cannot hold them. */
export function disparityLevels({ rgba, disparity }: Layer, step: number): Levels {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < disparity.length; i++) {
    const d = disparity[i]!;
    if (rgba[4 * i + 3] === 0 || !Number.isFinite(d)) continue;
    if (d < low) low = d;
    if (d > high) high = d;
  }
  if (low > high) return { offset: 0, step };
  return { offset: low, step: Math.max(step, (high - low) / MOST_LEVEL) };
}

/** A bound between two levels, in half levels: odd, so that no pixel lies on it. */
export function boundLevel(disparity: number, { offset, step }: Levels): number {
  const level = Math.floor((disparity - offset) / step);
  return 2 * Math.min(FAR_LEVEL, Math.max(-FAR_LEVEL, Number.isNaN(level) ? 0 : level)) + 1;
}

/**
 * The level of each pixel of a rectangle. Where rounding would make a pixel another surface's than it is for a quad near it, it is
 * the next level.
 */
export function pixelLevels(layer: Layer, rect: Rect, levels: Levels, mesh: LayerMesh): SettledLevels {
  const { offset, step } = levels;
  const level = new Int32Array(rect.width * rect.height);
  for (let y = 0, k = 0; y < rect.height; y++) {
    const row = (rect.y + y) * layer.width + rect.x;
    for (let x = 0; x < rect.width; x++, k++) {
      const value = Math.round((layer.disparity[row + x]! - offset) / step);
      level[k] = value >= 0 ? Math.min(value, MOST_LEVEL) : 0;
    }
  }
  for (let q = Math.floor(mesh.softStart / 6); q < mesh.vertices.length / 20; q++)
    settle(level, layer, rect, levels, mesh.vertices.subarray(20 * q, 20 * q + 20));
  return { level, boundsOf: (quad) => boundsOf(level, layer, rect, levels, quad) };
}

/** The levels that a layer's pixels are written as. */
export interface SettledLevels {
  /** One a pixel of the layer's rectangle. */
  level: Int32Array;
  /**
   * For a quad's bounds, in half levels: from where to where each may lie so that it tells the pixels near the quad apart as it does now.
   * Undefined where none of them is the quad's.
   */
  boundsOf(quad: Float32Array): { low: readonly [number, number]; high: readonly [number, number] } | undefined;
}

function boundsOf(level: Int32Array, layer: Layer, rect: Rect, levels: Levels, quad: Float32Array): ReturnType<SettledLevels['boundsOf']> {
  const first = (boundLevel(quad[3]!, levels) + 1) / 2;
  const last = (boundLevel(quad[4]!, levels) - 1) / 2;
  let [below, least, most, above] = [Math.ceil((NOTHING / 2 - levels.offset) / levels.step), Infinity, -Infinity, FAR_LEVEL];
  below = Math.max(-FAR_LEVEL, below);
  const { left, right, top, bottom } = windowOf(quad, rect);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (layer.rgba[4 * (y * layer.width + x) + 3] === 0) continue;
      const l = level[(y - rect.y) * rect.width + x - rect.x]!;
      if (l < first) below = Math.max(below, l);
      else if (l > last) above = Math.min(above, l);
      else {
        least = Math.min(least, l);
        most = Math.max(most, l);
      }
    }
  }
  return least > most ? undefined : { low: [2 * below + 1, 2 * least - 1], high: [2 * most + 1, 2 * above - 1] };
}

/** Where pixels are that a quad is asked about. */
function windowOf(quad: Float32Array, rect: Rect): { left: number; right: number; top: number; bottom: number } {
  const [xs, ys] = [0, 1].map((part) => [0, 1, 2, 3].map((corner) => quad[5 * corner + part]!)) as [number[], number[]];
  return {
    left: Math.max(rect.x, Math.floor(Math.min(...xs)) - ROUND_PX),
    right: Math.min(rect.x + rect.width, Math.ceil(Math.max(...xs)) + ROUND_PX),
    top: Math.max(rect.y, Math.floor(Math.min(...ys)) - ROUND_PX),
    bottom: Math.min(rect.y + rect.height, Math.ceil(Math.max(...ys)) + ROUND_PX),
  };
}

function settle(level: Int32Array, layer: Layer, rect: Rect, levels: Levels, quad: Float32Array): void {
  const low = quad[3]!;
  const high = quad[4]!;
  // Own pixels are from this level to that one.
  const first = (boundLevel(low, levels) + 1) / 2;
  const last = (boundLevel(high, levels) - 1) / 2;
  const { left, right, top, bottom } = windowOf(quad, rect);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * layer.width + x;
      const k = (y - rect.y) * rect.width + x - rect.x;
      const d = layer.disparity[i]!;
      if (layer.rgba[4 * i + 3] === 0) continue;
      const bound =
        d < low ? Math.min(level[k]!, first - 1) : d > high ? Math.max(level[k]!, last + 1) : Math.min(last, Math.max(first, level[k]!));
      level[k] = Math.min(MOST_LEVEL, Math.max(0, bound));
    }
  }
}
