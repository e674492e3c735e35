/** More points would not move the answer. */
const SAMPLES = 4096;
/** Focal lengths in units of the longer side outside these are no lens (143° and 6° across it). */
const SHORTEST = 1 / 6;
const LONGEST = 10;

/**
 * The camera behind a map of points that is known up to scale and a shift along z, as MoGe gives it (Wang et al., "MoGe:
 * Unlocking Accurate Monocular Geometry Estimation", CVPR 2025, section 3.1): the shift and focal length with which the points
 * fall onto their own pixels, by least squares. For a given shift the focal length follows directly, so the shift is searched for.
 * @param points `width × height × 3`: x right, y down, z forward, in the same unknown units; what is not finite is left out.
 * @param photo whose aspect the map has; its focal length, where it is known, holds.
 * @returns distances along z, NaN where not known, and the focal length in units of the longer side, where it was found.
 */
export function cameraOfPoints(
  points: Float32Array,
  width: number,
  height: number,
  photo: { width: number; height: number; focalLength?: number },
): { depth: Float32Array; focalLength?: number } {
  const sample = samplesOf(points, width, height, photo.width / photo.height);
  const least = nearestOf(points);
  const known = photo.focalLength;
  const shift = sample.count < 8 ? Math.max(0, -least * 1.01) : bestShift(sample, least, known);
  const depth = new Float32Array(width * height);
  for (let i = 0; i < depth.length; i++) depth[i] = Number.isFinite(points[i * 3]!) ? points[i * 3 + 2]! + shift : NaN;
  if (known !== undefined || sample.count < 8) return { depth };
  const focalLength = focalAt(sample, shift);
  return focalLength >= SHORTEST && focalLength <= LONGEST ? { depth, focalLength } : { depth };
}

interface Samples {
  count: number;
  /** Points, and where on the picture they are: u right, v down, from its middle, in units of its longer side. */
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  u: Float64Array;
  v: Float64Array;
}

function samplesOf(points: Float32Array, width: number, height: number, aspect: number): Samples {
  const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / SAMPLES)));
  const most = Math.ceil(width / step) * Math.ceil(height / step);
  const [x, y, z, u, v] = [0, 0, 0, 0, 0].map(() => new Float64Array(most)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let count = 0;
  for (let row = step >> 1; row < height; row += step) {
    for (let column = step >> 1; column < width; column += step) {
      const i = (row * width + column) * 3;
      if (!Number.isFinite(points[i]! + points[i + 1]! + points[i + 2]!)) continue;
      x[count] = points[i]!;
      y[count] = points[i + 1]!;
      z[count] = points[i + 2]!;
      u[count] = ((column + 0.5) / width - 0.5) * Math.min(1, aspect);
      v[count] = ((row + 0.5) / height - 0.5) * Math.min(1, 1 / aspect);
      count++;
    }
  }
  return { count, x, y, z, u, v };
}

/** Smallest z of all points: with the shift, all of them lie in front of the camera. */
function nearestOf(points: Float32Array): number {
  let least = Infinity;
  for (let i = 2; i < points.length; i += 3) if (points[i]! < least && Number.isFinite(points[i - 2]!)) least = points[i]!;
  return least;
}

/** Sums over the samples at one shift: of (x, y)/z with itself and with (u, v). */
function project({ count, x, y, z, u, v }: Samples, shift: number): { own: number; cross: number } {
  let own = 0;
  let cross = 0;
  for (let i = 0; i < count; i++) {
    const inverse = 1 / (z[i]! + shift);
    const px = x[i]! * inverse;
    const py = y[i]! * inverse;
    own += px * px + py * py;
    cross += px * u[i]! + py * v[i]!;
  }
  return { own, cross };
}

function focalAt(samples: Samples, shift: number): number {
  const { own, cross } = project(samples, shift);
  return cross / own;
}

/** Least squared distance between points and pixels: a coarse search over all scales of the nearest distance, then golden sections. */
function bestShift(samples: Samples, least: number, focal: number | undefined): number {
  let spread = 0;
  for (let i = 0; i < samples.count; i++)
    spread = Math.max(spread, Math.abs(samples.x[i]!), Math.abs(samples.y[i]!), samples.z[i]! - least);
  const shiftAt = (scale: number): number => spread * Math.exp(scale) - least;
  const error = (scale: number): number => {
    const { own, cross } = project(samples, shiftAt(scale));
    return focal === undefined ? (cross > 0 ? -(cross * cross) / own : 0) : focal * focal * own - 2 * focal * cross;
  };
  const [from, to, step] = [-8, 6, 0.5];
  let best = from;
  for (let scale = from; scale <= to; scale += step) if (error(scale) < error(best)) best = scale;
  // A flat wall fits with any shift; the model's own is then as good as another.
  const natural = Math.log(Math.max(least, Number.MIN_VALUE) / spread);
  if (natural > from && natural < to && error(natural) <= error(best) * (1 - 1e-9)) best = natural;
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = best - step;
  let high = best + step;
  for (let i = 0; i < 40; i++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (error(a) < error(b)) high = b;
    else low = a;
  }
  return shiftAt((low + high) / 2);
}
