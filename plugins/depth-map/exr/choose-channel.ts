import { badDepth, type Meaning } from '../raw-depth.ts';
import type { ExrPart } from './read-exr-parts.ts';

/** The channel that is read as depth. */
export interface ChannelChoice {
  part: ExrPart;
  /** Its place among the part's channels. */
  channel: number;
  meaning: Meaning;
  /** There were others, and its name is not plainly that of a depth pass. */
  isWorthSaying: boolean;
  /** Channels that must hold the same, as otherwise it is a picture in colours. */
  greyTwins: readonly number[];
}

/** Names of depth passes, best first; the first two are distances by their programs' habit (Blender, Arnold, V-Ray). */
const RANKS: readonly (readonly [name: RegExp, meaning: Meaning])[] = [
  [/(^|\.)Depth\.[ZV]$/, 'distance'],
  [/^Z$/, 'distance'],
  // Nuke writes 1/distance under this name, others distances.
  [/(^|\.)(depth\.)?[zZ]$/, 'guess'],
  [/(^|\.)(depth|disparity|inv_?depth|disp)(\.[A-Z])?$/i, 'guess'],
  [/(^|\.)Mist\.[ZV]$/, 'near-low'],
  [/^[YV]$/, 'guess'],
  [/^R$/, 'guess'],
];

/** @throws UnflatError `bad-depth` where no channel can be depth. */
export function chooseChannel(parts: readonly ExrPart[], what: string): ChannelChoice {
  const all = parts.flatMap((part) => part.channels.map(({ name }, channel) => ({ part, channel, name })));
  for (const [pattern, meaning] of RANKS) {
    const found = all.filter(({ name, part }) => pattern.test(name) && !/cryptomatte/i.test(name) && part.channels.length > 0);
    const best = found[0];
    if (!best) continue;
    const { part, channel } = best;
    const isColour = pattern.source === '^R$';
    const greyTwins = isColour ? ['G', 'B'].map((name) => part.channels.findIndex((each) => each.name === name)).filter((i) => i >= 0) : [];
    return {
      part,
      channel,
      meaning,
      isWorthSaying: found.length > 1 || (meaning !== 'distance' && all.length > 1 && !isColour),
      greyTwins,
    };
  }
  if (all.length === 1 && all[0]) return { ...all[0], meaning: 'guess', isWorthSaying: false, greyTwins: [] };
  const names = all
    .slice(0, 8)
    .map(({ name }) => name)
    .join(', ');
  throw badDepth(what, `none of its channels is depth (${names}).`, 'Render the depth pass (Z) into it, or use a grey map.');
}
