import { DEFAULT_FAR, DEFAULT_NEAR, type Lens } from '../../core/index.ts';
import type { Nearness } from './nearness.ts';

/** The middle part that outliers are measured against: all but 0.5 % at each end. */
const TAIL = 0.005;
/** How far beyond the middle, in its spread, a value may lie before it is an outlier; so much is kept where there are any. */
const SLACK = 0.3;
const MARGIN = 0.1;
/** More samples would not move a quantile that anybody sees. */
const SAMPLES = 10_000;
/** Spread, relative to the values, below which a model gave the same everywhere but for rounding. */
const FLAT = 1e-5;

/**
 * Brings a model's values to disparities 0..1, in place. The ends are the least and largest values, unless these are
 * outliers: a few wild pixels do not press the rest flat.
 * @param nearness all values finite.
 * @returns near and far where the values tell distances; undefined where all values are the same, which are left as they are.
 */
export function stretch({ values, isInverseDepth }: Nearness): Partial<Lens> | undefined {
  let least = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  if (!(largest - least > FLAT * Math.max(Math.abs(least), Math.abs(largest)))) return undefined;
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  const sample = new Float32Array(Math.ceil(values.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = values[i * step]!;
  sample.sort();
  const last = sample.length - 1;
  const low = sample[Math.round(TAIL * last)]!;
  const high = sample[Math.round((1 - TAIL) * last)]!;
  const spread = high - low;
  let bottom = spread > 0 && least < low - SLACK * spread ? low - MARGIN * spread : least;
  const top = spread > 0 && largest > high + SLACK * spread ? high + MARGIN * spread : largest;
  // Beyond the scene's far end all is equally far.
  if (isInverseDepth) bottom = Math.max(bottom, (top * DEFAULT_NEAR) / DEFAULT_FAR);
  const scale = 1 / (top - bottom);
  for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, (values[i]! - bottom) * scale));
  return isInverseDepth ? { near: DEFAULT_NEAR, far: (DEFAULT_NEAR * top) / bottom } : {};
}
