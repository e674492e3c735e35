import type { InpaintInput, Passes } from 'unflat/plugin';

/** Trust from which a known pixel is shown to a model; below it, colours of two surfaces are mixed. */
const SHOWN = 128;
/** Holes of fewer pixels are not worth a model. */
const SMALLEST_PX = 100;

/** What matters of one layer to the plan. All arrays are `width × height`. */
export interface Visibility {
  /** 1 = a model that inpaints this layer's holes may see this pixel. */
  visible: Uint8Array;
  /** 1 = to be inpainted, in a hole that is large enough to matter. */
  wanted: Uint8Array;
}

/**
 * Finds what belongs to the surfaces that the holes continue. What stands in front of a hole often touches that surface
 * somewhere, as feet touch a floor, so context alone runs up into it: from the holes' far and near sides two fronts walk over
 * the picture at the same speed, along surfaces, and each pixel belongs to the one that reaches it first.
 */
export function* visibilityOf(input: InpaintInput): Passes<Visibility> {
  const { width, height, hole, context } = input;
  const visible = new Uint8Array(width * height);
  const side = new Uint8Array(width * height);
  const queue = new Int32Array(width * height);
  const fronts: Fronts = { side, queue, at: 0, end: 0, behind: 0 };
  seedAll(input, fronts);
  yield;
  while (walkOn(input, fronts)) yield;
  yield;
  for (let i = 0; i < visible.length; i++) visible[i] = side[i] === BEHIND && context[i]! >= SHOWN ? 1 : 0;
  yield;
  return { visible, wanted: largeHoles(hole, width, queue) };
}

const BEHIND = 1;
const IN_FRONT = 2;
/** Pixels that the fronts walk over between two looks at the signal. */
const STRETCH = 1 << 20;

/** The fronts on their way. */
interface Fronts {
  /** BEHIND or IN_FRONT where one has been; 0 elsewhere. */
  side: Uint8Array;
  /** Pixels in the order in which they are reached, `end` of them; those before `at` are done. */
  queue: Int32Array;
  at: number;
  end: number;
  /** Pixels left of what lies behind. */
  behind: number;
}

/** The pixels beside holes, where both fronts begin. */
function seedAll({ width, height, hole, context, disparity, sameSurface }: InpaintInput, fronts: Fronts): void {
  const { side, queue } = fronts;
  let end = 0;
  const seed = (from: number, at: number): void => {
    if (hole[at] || side[at]) return;
    const nearer = disparity[at]! - disparity[from]!;
    if (nearer > sameSurface) side[at] = IN_FRONT;
    else if (nearer >= -sameSurface && context[at]! > 0) side[at] = BEHIND;
    else return;
    queue[end++] = at;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (!hole[i]) continue;
      if (x > 0) seed(i, i - 1);
      if (x + 1 < width) seed(i, i + 1);
      if (y > 0) seed(i, i - width);
      if (y + 1 < height) seed(i, i + width);
    }
  }
  fronts.end = end;
  for (let n = 0; n < end; n++) fronts.behind += side[queue[n]!] === BEHIND ? 1 : 0;
}

/**
 * A stretch of the fronts' way. Once nothing is left of what lies behind, what stands in front meets nothing that would matter.
 * @returns whether there is more.
 */
function walkOn({ width, height, hole, context, disparity, sameSurface }: InpaintInput, fronts: Fronts): boolean {
  const { side, queue } = fronts;
  let { at: n, end, behind } = fronts;
  const until = n + STRETCH;
  for (; n < end && behind > 0 && n < until; n++) {
    const i = queue[n]!;
    const x = i % width;
    const own = side[i]!;
    if (own === BEHIND) behind--;
    const d = disparity[i]!;
    for (let k = 0; k < 4; k++) {
      if (k === 0 ? x === 0 : k === 1 ? x + 1 === width : k === 2 ? i < width : i + width >= width * height) continue;
      const j = k === 0 ? i - 1 : k === 1 ? i + 1 : k === 2 ? i - width : i + width;
      if (side[j] || hole[j] || (own === BEHIND && !context[j])) continue;
      const step = disparity[j]! - d;
      if (step > sameSurface || step < -sameSurface) continue;
      side[j] = own;
      if (own === BEHIND) behind++;
      queue[end++] = j;
    }
  }
  Object.assign(fronts, { at: n, end, behind });
  return n < end && behind > 0;
}

/** The holes without those of few pixels. @param stack as long as the picture. */
function largeHoles(hole: Uint8Array, width: number, stack: Int32Array): Uint8Array {
  const wanted = new Uint8Array(hole.length);
  const seen = new Uint8Array(hole.length);
  for (let start = 0; start < hole.length; start++) {
    if (!hole[start] || seen[start]) continue;
    let end = 0;
    stack[end++] = start;
    seen[start] = 1;
    for (let n = 0; n < end; n++) {
      const i = stack[n]!;
      const x = i % width;
      for (let k = 0; k < 4; k++) {
        if (k === 0 ? x === 0 : k === 1 ? x + 1 === width : k === 2 ? i < width : i + width >= hole.length) continue;
        const j = k === 0 ? i - 1 : k === 1 ? i + 1 : k === 2 ? i - width : i + width;
        if (!hole[j] || seen[j]) continue;
        seen[j] = 1;
        stack[end++] = j;
      }
    }
    if (end >= SMALLEST_PX) for (let n = 0; n < end; n++) wanted[stack[n]!] = 1;
  }
  return wanted;
}
