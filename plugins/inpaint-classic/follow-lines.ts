import type { Level } from './level.ts';

/** How far a pixel looks for colours and for lines, pixels of the level. At most the level's padding. */
const RADIUS = 3;
/** Pixels from the known side that lines are followed at most. */
const REACH = 60;
/** Pixels from the known side at which a line is half as clear. */
const FADE = 12;
/** How much less a colour counts that lies aside of the line, where there clearly is one: per squared pixel. */
const ACROSS = 20;
/** Squared gradient, three channels together, that noise alone gives. */
const NOISE = 40;
/** Surfaces go on into holes up to so many times the difference that still is one surface. */
export const SURFACES = 2;
/** What is inpainted says less than what is known. */
const INPAINTED = 0.5;
const ANGLES = 32;
const CLARITIES = 8;

/** Colours continued into holes; the arrays are the level's size. */
export interface Continued {
  /** 1 = reached. */
  known: Uint8Array;
  /** Three a pixel. */
  rgb: Float32Array;
  /** 0..1: how clearly a line leads here; less far from where it was seen. */
  clarity: Float32Array;
}

/**
 * Continues colours into holes along the lines that meet them, ring by ring: each pixel is the mean of
 * what is known around it, weighted so that only what lies along its line counts (coherence transport:
 * Bornemann and März, "Fast image inpainting based on coherence transport", 2007). Where there is no
 * line it is a plain mean.
 */
export function followLines(level: Level, same: number): Continued {
  const { width, source, hole, disparity } = level;
  const limit = SURFACES * same;
  const known = new Uint8Array(hole.length);
  const clarity = new Float32Array(hole.length);
  const seen: Seen = {
    rgb: new Float32Array(hole.length * 3),
    weight: new Float32Array(hole.length),
    tensor: new Float32Array(hole.length * 4),
  };
  const { rgb, weight, tensor } = seen;
  const order = new Int32Array(hole.length);
  const steps = [1, -1, width, -width];
  let count = 0;
  for (let i = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    for (let k = 0; k < 4; k++) {
      const j = i + steps[k]!;
      if (!source[j] || !(Math.abs(disparity[j]! - disparity[i]!) <= limit)) continue;
      known[i] = 1;
      order[count++] = i;
      break;
    }
  }
  const { at, nearness, weights } = windowOf(width);
  const size = at.length;
  // Those of the window's pixels that say something, and their places in it.
  const others = new Int32Array(size);
  const places = new Int32Array(size);
  for (let n = 0, ring = 1, end = count; n < count; n++) {
    if (n === end) {
      ring++;
      end = count;
    }
    const i = order[n]!;
    const d = disparity[i]!;
    let xx = 0,
      xy = 0,
      yy = 0,
      total = 0,
      m = 0;
    for (let k = 0; k < size; k++) {
      const j = i + at[k]!;
      if (weight[j] === 0) {
        if (!source[j]) continue;
        see(level, j, seen);
      }
      if (!(Math.abs(disparity[j]! - d) <= limit)) continue;
      others[m] = j;
      places[m++] = k;
      const w = tensor[j * 4 + 3]!;
      if (w === 0) continue;
      total += w;
      xx += w * tensor[j * 4]!;
      xy += w * tensor[j * 4 + 1]!;
      yy += w * tensor[j * 4 + 2]!;
    }
    let shares = nearness;
    let table = 0;
    if (total > 0) {
      xx /= total;
      xy /= total;
      yy /= total;
      tensor[i * 4] = xx;
      tensor[i * 4 + 1] = xy;
      tensor[i * 4 + 2] = yy;
      tensor[i * 4 + 3] = INPAINTED;
      const clear = Math.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy) / (xx + yy + NOISE);
      clarity[i] = clear / (1 + (ring / FADE) ** 2);
      const turn = Math.atan2(2 * xy, xx - yy) / (2 * Math.PI);
      shares = weights;
      table =
        ((Math.round((turn < 0 ? turn + 1 : turn) * ANGLES) % ANGLES) * CLARITIES +
          Math.min(CLARITIES - 1, Math.floor(clear * CLARITIES))) *
        size;
    }
    let r = 0,
      g = 0,
      b = 0,
      sum = 0;
    for (let k = 0; k < m; k++) {
      const j = others[k]!;
      const w = weight[j]! * shares[table + places[k]!]!;
      sum += w;
      r += w * rgb[j * 3]!;
      g += w * rgb[j * 3 + 1]!;
      b += w * rgb[j * 3 + 2]!;
    }
    rgb[i * 3] = r / sum;
    rgb[i * 3 + 1] = g / sum;
    rgb[i * 3 + 2] = b / sum;
    weight[i] = INPAINTED;
    if (ring === REACH) continue;
    for (let k = 0; k < 4; k++) {
      const j = i + steps[k]!;
      if (!hole[j] || known[j] || !(Math.abs(disparity[j]! - d) <= limit)) continue;
      known[j] = 1;
      order[count++] = j;
    }
  }
  return { known, rgb, clarity };
}

/** What is known so far; the arrays are the level's size. */
interface Seen {
  /** Three a pixel. */
  rgb: Float32Array;
  /** 0 = not looked at yet. */
  weight: Float32Array;
  /** Products of the gradient's parts: xx, xy, yy; and whether there are any. */
  tensor: Float32Array;
}

/** Looks at a source. It has a gradient only where all four neighbours are sources. */
function see({ width, rgba, source }: Level, i: number, { rgb, weight, tensor }: Seen): void {
  weight[i] = 1;
  for (let c = 0; c < 3; c++) rgb[i * 3 + c] = rgba[i * 4 + c]!;
  if (!source[i - 1] || !source[i + 1] || !source[i - width] || !source[i + width]) return;
  let xx = 0,
    xy = 0,
    yy = 0;
  for (let c = 0; c < 3; c++) {
    const gx = (rgba[i * 4 + 4 + c]! - rgba[i * 4 - 4 + c]!) / 2;
    const gy = (rgba[(i + width) * 4 + c]! - rgba[(i - width) * 4 + c]!) / 2;
    xx += gx * gx;
    xy += gx * gy;
    yy += gy * gy;
  }
  tensor[i * 4] = xx;
  tensor[i * 4 + 1] = xy;
  tensor[i * 4 + 2] = yy;
  tensor[i * 4 + 3] = 1;
}

/** The pixels looked at, and what each counts without a line and with one, for each of its directions and clarities. */
function windowOf(width: number): { at: Int32Array; nearness: Float32Array; weights: Float32Array } {
  const places: [number, number][] = [];
  for (let v = -RADIUS; v <= RADIUS; v++) {
    for (let u = -RADIUS; u <= RADIUS; u++) if ((u !== 0 || v !== 0) && u * u + v * v <= RADIUS * RADIUS + 1) places.push([u, v]);
  }
  const weights = new Float32Array(ANGLES * CLARITIES * places.length);
  for (let table = 0; table < ANGLES * CLARITIES; table++) {
    const angle = (Math.PI * Math.floor(table / CLARITIES)) / ANGLES;
    const clear = ((table % CLARITIES) + 0.5) / CLARITIES;
    places.forEach(([u, v], k) => {
      const aside = u * Math.cos(angle) + v * Math.sin(angle);
      weights[table * places.length + k] = Math.exp(-ACROSS * clear * clear * aside * aside) / (u * u + v * v);
    });
  }
  return {
    at: Int32Array.from(places, ([u, v]) => v * width + u),
    nearness: Float32Array.from(places, ([u, v]) => 1 / (u * u + v * v)),
    weights,
  };
}
