import type { Look } from '../viewer/index.ts';

/** A place and when the view was there, in seconds. */
interface Sample extends Look {
  at: number;
}

/** Parts of the eyebox by which a recorded path may differ from what was seen. */
const TOLERANCE = 0.004;
/** Nearer than this the view stands still: such time at the ends is left out. */
const STILL = 0.004;
/** Stillness that is kept at both ends, in seconds. */
const KEPT_S = 0.2;
/** From one view that was added to the next, in seconds. */
const VIEW_S = 2;
const MOST_S = 600;
/** Times are written to the thousandth of a second: nearer views could not be told apart. */
const LEAST_S = 0.002;

/** What a path's text says of itself. */
export interface PathWords {
  seconds: number;
  keys: number;
}

/** The text of a camera path from how somebody looked around; undefined where the view did not move. */
export function pathOf(samples: readonly Sample[]): string | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return undefined;
  const differs = (from: Sample) => (each: Sample) => Math.hypot(each.x - from.x, each.y - from.y, each.z - from.z) > STILL;
  const start = samples.findIndex(differs(first));
  if (start < 0) return undefined;
  const end = samples.findLastIndex(differs(last));
  const from = samples[start]!.at - KEPT_S;
  const to = (samples[end] ?? last).at + KEPT_S;
  let before = -Infinity;
  // A busy page shows two views at one time, as times are written.
  const moving = samples.filter(({ at }) => at >= from && at <= to && at - before >= LEAST_S && ((before = at), true));
  const keys = moving.length > 1 ? thinned(moving) : [first, last];
  const begin = keys[0]!.at;
  // What was seen has its own speed: between the keys nothing is to be slowed down or rounded.
  return textOf(
    'linear',
    keys.map(({ at, x, y, z }) => ({ at: at - begin, x, y, z })),
  );
}

/** A path with one more view at its end; a new one where there is none. A path needs two views before anything can follow it. */
export function withView(text: string, { x, y, z }: Look): string {
  const { easing, keys } = read(text);
  const at = keys.length > 0 ? Math.min(MOST_S, keys.at(-1)!.at + VIEW_S) : 0;
  return textOf(easing, [...keys, { at, x, y, z }]);
}

/** What a text says that `pathOf` or `withView` made, or that was opened. */
export function pathWords(text: string): PathWords {
  const { keys } = read(text);
  return { seconds: keys.at(-1)?.at ?? 0, keys: keys.length };
}

function read(text: string): { easing: string; keys: Sample[] } {
  return { easing: 'curve', keys: [], ...(text !== '' && (JSON.parse(text) as object)) };
}

function textOf(easing: string, keys: readonly object[]): string {
  const rounded = keys.map((key) => Object.fromEntries(Object.entries(key).map(([name, value]) => [name, roundedOf(value)])));
  return `{\n  "unflatPath": 1,\n  "easing": "${easing}",\n  "keys": [\n${rounded.map((key) => `    ${JSON.stringify(key)}`).join(',\n')}\n  ]\n}\n`;
}

const roundedOf = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(3)) : value);

/** As few of the samples as tell the way. Source: Ramer, "An iterative procedure for the polygonal approximation of plane curves", 1972. */
function thinned(samples: readonly Sample[]): Sample[] {
  const isKept = new Uint8Array(samples.length);
  isKept[0] = isKept[samples.length - 1] = 1;
  const open: [from: number, to: number][] = [[0, samples.length - 1]];
  for (;;) {
    const part = open.pop();
    if (!part) break;
    const [from, to] = part;
    const [a, b] = [samples[from]!, samples[to]!];
    let most = TOLERANCE;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const s = samples[i]!;
      const t = (s.at - a.at) / (b.at - a.at);
      const off = Math.hypot(s.x - a.x - (b.x - a.x) * t, s.y - a.y - (b.y - a.y) * t, s.z - a.z - (b.z - a.z) * t);
      if (off > most) [most, at] = [off, i];
    }
    if (at < 0) continue;
    isKept[at] = 1;
    open.push([from, at], [at, to]);
  }
  return samples.filter((_, i) => isKept[i] === 1);
}
