import type { InpaintInput, Passes } from 'unflat/plugin';
import { assignShifts } from './assign-shifts.ts';
import { copyAlong } from './copy-along.ts';
import { findShifts } from './find-shifts.ts';
import { healSeams } from './heal-seams.ts';
import { halve, PAD, type Level } from './level.ts';
import { Probe } from './probe.ts';
import { Reflection, type MirrorFrame } from './reflection.ts';
import { perspectiveOf } from './surface-shift.ts';

type Input = Omit<InpaintInput, 'options'>;

/** Least context to copy from: what is mixed with another surface's colour is not. */
const TRUSTED = 200;
/** What lies on one plane, in differences that still are one surface. */
const TOLERANCES = 1.5;

/**
 * Inpaints texture over the smooth fill: each part of a hole is copied from where the picture goes on like what surrounds it, along its own surface.
 * @param full the picture as it is given; changed. @param order indices of the hole's pixels.
 * @param out the smooth fill, `width × height × 4` from the start of its buffer; changed under holes.
 */
export function* inpaintTexture(input: Input, full: Level, order: Int32Array, out: Uint8ClampedArray): Passes<void> {
  const { width, context } = input;
  const inpainted = new Uint32Array(full.rgba.buffer);
  const smoothed = new Uint32Array(out.buffer);
  const own = order.map((i) => padded(i, width));
  for (let n = 0; n < order.length; n++) inpainted[own[n]!] = smoothed[order[n]!]!;
  const frame = frameIn(input);
  if (frame) openSources(input, frame, full);
  else for (let i = 0; i < context.length; i++) if (context[i]! > 0 && context[i]! < TRUSTED) full.source[padded(i, width)] = 0;
  yield;
  const half = halve(full);
  yield;
  const quarter = halve(half);
  const eighth = halve(quarter);
  const perspective = perspectiveOf(input);
  const isOpen = frame !== undefined;
  const tolerance = TOLERANCES * Math.max(1e-9, input.sameSurface);
  const probe = (level: Level, scale: number) => new Probe(level, scale, tolerance, perspective.infinity, isOpen);
  yield;
  const { candidates, tiles } = yield* findShifts(probe(quarter, 4), [probe(half, 2), probe(full, 1)], perspective);
  if (frame) candidates.unshift({ shift: new Reflection(frame), cost: 0, explained: 0, column: 0, row: 0 });
  const labelled = probe(half, 2);
  const assigned = yield* assignShifts(labelled, probe(eighth, 8), candidates, tiles);
  const copies = copyAlong(probe(full, 1), labelled, assigned, candidates, own);
  yield;
  const colours = yield* healSeams(full, own, copies);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]! * 4;
    for (let c = 0; c < 3; c++) out[i + c] = colours[n * 3 + c]!;
  }
}

/** What may be looked at, if all holes lie around it: beyond the photo's border, where nothing is in front of them. */
function frameIn({ width, height, hole, context }: Input): MirrorFrame | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!context[i]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) if (hole[y * width + x]) return undefined;
  return right < left ? undefined : { left, top, right, bottom };
}

/** Nothing lies before what is beyond the border, so all of the photo may be copied there, with its edges. */
function openSources({ width, rgba, disparity }: Input, { left, top, right, bottom }: MirrorFrame, full: Level): void {
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const i = y * width + x;
      const o = padded(i, width);
      if (full.source[o]) continue;
      full.source[o] = 1;
      full.rgba.set(rgba.subarray(i * 4, i * 4 + 4), o * 4);
      full.disparity[o] = disparity[i]!;
    }
  }
}

/** Index of a pixel of the picture in its finest level. */
function padded(i: number, width: number): number {
  return i + PAD + (Math.floor(i / width) + PAD) * 2 * PAD + PAD * width;
}
