import { doubled } from '../../grid/index.ts';
import { BLOCK_PX, type LocalRanges } from './local-ranges.ts';

/** Slopes below this, in disparity a pixel, are no ramps. */
const LEAST_RAMP_SLOPE = 0.004;
/** Nor are those below this share of the range of depths nearby. */
const RAMP_SLOPE_SHARE = 0.07;

/**
 * The pixels where depth goes on the same way on both sides, too steeply for a slope; beside a clean step it does not.
 * @param least a range below this is none, in disparity.
 * @param isRamp is set to 1 there.
 * @param spread how many times as wide as usual a blurred step is; `ranges` reaches as far.
 */
export function findRamps(
  disparity: Float32Array,
  width: number,
  height: number,
  { columns, rows, range }: LocalRanges,
  least: number,
  isRamp: Uint8Array,
  spread: number,
): Int32Array {
  let ramps = new Int32Array(1 << 12);
  let count = 0;
  for (let by = 0; by < rows; by++) {
    for (let bx = 0; bx < columns; bx++) {
      const around = range[by * columns + bx]!;
      if (around < least) continue;
      const limit = Math.max(LEAST_RAMP_SLOPE, (RAMP_SLOPE_SHARE * around) / spread);
      if (count + BLOCK_PX * BLOCK_PX > ramps.length) ramps = doubled(ramps);
      const x = Math.max(1, bx * BLOCK_PX);
      const end = Math.min(width - 1, bx * BLOCK_PX + BLOCK_PX);
      for (let y = Math.max(1, by * BLOCK_PX); y < by * BLOCK_PX + BLOCK_PX && y < height - 1; y++) {
        count = markRamps(disparity, y * width + x, y * width + end, width, limit, isRamp, ramps, count);
      }
    }
  }
  const found = ramps.subarray(0, count);
  return spread > 1 ? withLandings(found, isRamp, disparity, width, 2 * spread) : found;
}

function markRamps(
  disparity: Float32Array,
  from: number,
  to: number,
  width: number,
  limit: number,
  isRamp: Uint8Array,
  ramps: Int32Array,
  known: number,
): number {
  let count = known;
  for (let i = from; i < to; i++) {
    const here = disparity[i]!;
    const left = here - disparity[i - 1]!;
    const right = disparity[i + 1]! - here;
    const up = here - disparity[i - width]!;
    const down = disparity[i + width]! - here;
    const across = left * right > 0 && Math.abs(left) > limit && Math.abs(right) > limit;
    const along = up * down > 0 && Math.abs(up) > limit && Math.abs(down) > limit;
    if (!across && !along) continue;
    isRamp[i] = 1;
    ramps[count++] = i;
  }
  return count;
}

/** A wide ramp has landings, and who stands on one is on no surface: those up to `longest` pixels long are marked, too. */
function withLandings(ramps: Int32Array, isRamp: Uint8Array, disparity: Float32Array, width: number, longest: number): Int32Array {
  const landings: number[] = [];
  for (let r = 0; r < ramps.length; r++) {
    listLanding(ramps[r]!, 1, isRamp, disparity, longest, landings);
    listLanding(ramps[r]!, width, isRamp, disparity, longest, landings);
  }
  const added = landings.filter((i) => isRamp[i] === 0 && (isRamp[i] = 1));
  const all = new Int32Array(ramps.length + added.length);
  all.set(ramps);
  all.set(added, ramps.length);
  return all;
}

/** Lists the pixels between ramp pixel `i` and the next one that way, if depth goes on the same way there. */
function listLanding(i: number, step: number, isRamp: Uint8Array, disparity: Float32Array, longest: number, landings: number[]): void {
  if (isRamp[i + step] !== 0) return;
  const here = disparity[i]!;
  const before = here - disparity[i - step]!;
  for (let n = 2; n <= longest + 1; n++) {
    const j = i + n * step;
    if (isRamp[j] !== 1) continue;
    const goesOn = (disparity[j + step]! - disparity[j]!) * before > 0 && (disparity[j]! - here) * before > 0;
    for (let k = i + step; goesOn && k < j; k += step) landings.push(k);
    return;
  }
}
