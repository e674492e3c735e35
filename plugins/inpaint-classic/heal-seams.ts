import type { Passes } from 'unflat/plugin';
import type { Copies } from './copy-along.ts';
import type { Level } from './level.ts';
import { stepped } from './reflection.ts';

const SWEEPS = 24;
/** Over-relaxation of each sweep. */
const OVER = 1.6;
/** How strongly a copy keeps its own colours: its corrections fade out over about 1 / √KEEP pixels. */
const KEEP = 0.006;
/** A step between what meets counts at most so much a channel: what differs more are two things. */
const MOST = 40;

/**
 * Colours of the copies, corrected so that they meet without a step: their gradients are kept, not their levels (Pérez, Gangnet and Blake,
 * "Poisson image editing", 2003), with a share of their own levels.
 * @returns three a pixel of the hole, in the order of `order`.
 */
export function* healSeams({ width, rgba, source, hole }: Level, order: Int32Array, { label, from, flip }: Copies): Passes<Float32Array> {
  const count = order.length;
  const place = new Int32Array(hole.length).fill(-1);
  for (let n = 0; n < count; n++) place[order[n]!] = n;
  const fix = new Float32Array(count * 3 + 3);
  const want = new Float32Array(count * 3);
  const beside = new Int32Array(count * 4).fill(count * 3);
  const share = new Float32Array(count);
  const steps = [1, -1, width, -width];
  const clamp = (value: number) => Math.max(-MOST, Math.min(MOST, value));
  yield;
  for (let n = 0; n < count; n++) {
    const i = order[n]!;
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      const j = i + steps[k]!;
      const p = place[j]!;
      if (p < 0 && !source[j]) continue;
      sum++;
      const a = from[i]!;
      const beyond = stepped(a, steps[k]!, flip[i]!);
      if (p >= 0) beside[n * 4 + k] = p * 3;
      if (p >= 0 && label[i] === label[j]) continue;
      const b = p >= 0 ? from[j]! : j;
      const before = stepped(b, -steps[k]!, flip[j]!);
      for (let c = 0; c < 3; c++) {
        // fix(i) − fix(j) should make up for the step between the two, beyond what one of them does itself.
        let step = 0;
        let sides = 0;
        if (source[beyond] || hole[beyond]) {
          step += rgba[b * 4 + c]! - rgba[beyond * 4 + c]!;
          sides++;
        }
        if (p >= 0 && (source[before] || hole[before])) {
          step += rgba[before * 4 + c]! - rgba[a * 4 + c]!;
          sides++;
        }
        if (sides > 0) want[n * 3 + c]! += clamp(step / sides);
      }
    }
    share[n] = 1 / (sum + KEEP);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    yield;
    for (let m = 0; m < count; m++) {
      const n = sweep % 2 === 0 ? m : count - 1 - m;
      const w = share[n]! * OVER;
      const [e, f, g, h] = [beside[n * 4]!, beside[n * 4 + 1]!, beside[n * 4 + 2]!, beside[n * 4 + 3]!];
      for (let c = 0; c < 3; c++) {
        const o = n * 3 + c;
        const next = want[o]! + fix[e + c]! + fix[f + c]! + fix[g + c]! + fix[h + c]!;
        fix[o] = fix[o]! * (1 - OVER) + next * w;
      }
    }
  }
  const colours = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) {
    const a = from[order[n]!]!;
    for (let c = 0; c < 3; c++) colours[n * 3 + c] = rgba[a * 4 + c]! + fix[n * 3 + c]!;
  }
  return colours;
}
