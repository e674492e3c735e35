import type { Assigned } from './assign-shifts.ts';
import type { Candidate } from './find-shifts.ts';
import type { Probe } from './probe.ts';

/** A pixel that its own motion cannot serve takes one of those of the pixels of the labelled level around it. */
const AROUND = [0, 0, 1, 0, -1, 0, 0, 1, 0, -1, 1, 1, -1, 1, 1, -1, -1, -1];

/** What the hole's pixels are copied from, at full size. */
export interface Copies {
  /** Level size: 1 + the candidate, 0 = stays smooth. */
  label: Int32Array;
  /** Level size: the pixel that is copied. */
  from: Int32Array;
  /** Level size: which axes run backwards in what is copied, see `flipped`. */
  flip: Uint8Array;
}

/** @param probe the full-size level. @param coarse the level whose pixels were given motions. @param order the hole's pixels in the full-size level. */
export function copyAlong(
  probe: Probe,
  coarse: Probe,
  { node, label }: Assigned,
  candidates: readonly Candidate[],
  order: Int32Array,
): Copies {
  const { hole } = probe.level;
  const labels = new Int32Array(hole.length);
  const from = new Int32Array(hole.length);
  const flip = new Uint8Array(hole.length);
  const width = coarse.level.width;
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    const x = probe.x(i);
    const y = probe.y(i);
    const c = coarse.at(x, y);
    from[i] = i;
    for (let k = 0; k < AROUND.length; k += 2) {
      const o = node[c + AROUND[k]! + AROUND[k + 1]! * width]!;
      if (o < 0) continue;
      const a = label[o]!;
      if (a < 0) {
        if (k === 0) break;
        continue;
      }
      const s = probe.source(candidates[a]!.shift, i, x, y);
      if (s < 0) continue;
      labels[i] = a + 1;
      from[i] = s;
      flip[i] = candidates[a]!.shift.flip;
      break;
    }
  }
  return { label: labels, from, flip };
}
