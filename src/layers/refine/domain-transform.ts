import { boxBlur } from '../../grid/index.ts';

/**
 * Edge-preserving smoothing by the recursive domain transform (Gastal and Oliveira, "Domain Transform
 * for Edge-Aware Image and Video Processing", 2011): a fixed number of passes over the rows and
 * columns, whatever the map is like.
 * @param disparity `width × height`, smoothed in place.
 * @param reach pixels over which flat parts are averaged (standard deviation).
 * @param tolerance steps between neighbours of the guide up to this are no edges.
 * @param contrast steps beyond the tolerance by this count as one standard deviation of distance.
 * @param blurRadius the guide is the map's mean over this many pixels to each side; 0 = the map itself.
 */
export function domainTransform(
  disparity: Float32Array,
  width: number,
  height: number,
  reach: number,
  tolerance: number,
  contrast: number,
  blurRadius: number,
): void {
  const guide = blurRadius > 0 ? boxBlur(disparity, width, height, blurRadius) : disparity;
  const across = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  const scale = reach / contrast;
  for (let y = 0; y < height; y++) {
    distances(guide, 1, y * width + 1, (y + 1) * width, scale, tolerance, across);
    if (y > 0) distances(guide, width, y * width, (y + 1) * width, scale, tolerance, down);
  }
  const weights = new Float32Array(MOST_DISTANCE * 64 + 1);
  for (let pass = 0; pass < PASSES; pass++) {
    const sigma = (reach * Math.sqrt(3) * 2 ** (PASSES - pass - 1)) / Math.sqrt(4 ** PASSES - 1);
    for (let k = 0; k < weights.length; k++) weights[k] = Math.exp((-Math.SQRT2 / sigma) * (k / 64));
    for (let y = 0; y < height; y++) alongRow(disparity, y * width, (y + 1) * width, across, weights);
    // Whole rows at a time: columns one by one would miss the cache.
    for (let y = 1; y < height; y++) towards(disparity, y * width, (y - 1) * width, width, down, y * width, weights);
    for (let y = height - 2; y >= 0; y--) towards(disparity, y * width, (y + 1) * width, width, down, (y + 1) * width, weights);
  }
}

/** Distances beyond this let nothing through; in steps of 1/64 they index the table of weights. */
const MOST_DISTANCE = 16;

// Rows are functions of their own: an engine makes fast what is called often, and a map is smoothed once.

function distances(guide: Float32Array, step: number, from: number, to: number, scale: number, tolerance: number, out: Float32Array): void {
  for (let i = from; i < to; i++)
    out[i] = Math.min(MOST_DISTANCE, 1 + scale * Math.max(0, Math.abs(guide[i]! - guide[i - step]!) - tolerance)) * 64;
}

/** There and back along a row. */
function alongRow(disparity: Float32Array, from: number, to: number, across: Float32Array, weights: Float32Array): void {
  let last = disparity[from]!;
  for (let i = from + 1; i < to; i++) {
    const here = disparity[i]!;
    last = here + weights[across[i]! | 0]! * (last - here);
    disparity[i] = last;
  }
  for (let i = to - 2; i >= from; i--) {
    const here = disparity[i]!;
    last = here + weights[across[i + 1]! | 0]! * (last - here);
    disparity[i] = last;
  }
}

/** Draws a row towards its neighbour. */
function towards(
  disparity: Float32Array,
  row: number,
  neighbour: number,
  width: number,
  down: Float32Array,
  between: number,
  weights: Float32Array,
): void {
  for (let x = 0; x < width; x++) {
    const here = disparity[row + x]!;
    disparity[row + x] = here + weights[down[between + x]! | 0]! * (disparity[neighbour + x]! - here);
  }
}

/** Rounds over rows and columns; two leave no stripes that matter here. */
const PASSES = 2;
