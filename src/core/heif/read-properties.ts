import { BoxReader, boxesIn, type Box } from './box-reader.ts';
import type { HeifColour } from './types.ts';

/** A property that items share: what it says, and its box. */
export interface HeifProperty {
  box: Box;
  size?: { width: number; height: number };
  /** Quarter turns anticlockwise. */
  turns?: number;
  mirror?: 'top-bottom' | 'left-right';
  bitsPerChannel?: number;
  colour?: HeifColour;
  /** Where the numbers of an `nclx` colour begin. */
  nclxAt?: number;
  auxiliary?: { type: string; data: Uint8Array };
}

/** Reads the properties of an `ipco` box, in order. */
export function readProperties(bytes: Uint8Array, view: DataView, ipco: Box): HeifProperty[] {
  return [...boxesIn(view, ipco.body, ipco.end)].map((box) => ({ box, ...readProperty(bytes, view, box) }));
}

function readProperty(bytes: Uint8Array, view: DataView, box: Box): Omit<HeifProperty, 'box'> {
  const reader = new BoxReader(view, box);
  switch (box.type) {
    case 'ispe':
      return { size: { width: reader.uint(4), height: reader.uint(4) } };
    case 'irot':
      return { turns: reader.uint(1) & 3 };
    case 'imir':
      return { mirror: reader.uint(1) & 1 ? 'left-right' : 'top-bottom' };
    case 'pixi':
      return reader.uint(1) > 0 ? { bitsPerChannel: reader.uint(1) } : {};
    case 'colr': {
      const colour = readColour(bytes, reader, box);
      if (colour?.kind === 'nclx') return { colour, nclxAt: box.body + 4 };
      return colour ? { colour } : {};
    }
    case 'auxC': {
      const type = reader.text();
      return { auxiliary: { type, data: bytes.subarray(reader.at, box.end) } };
    }
    default:
      return {};
  }
}

function readColour(bytes: Uint8Array, reader: BoxReader, box: Box): HeifColour | undefined {
  const kind = reader.letters();
  if (kind === 'prof' || kind === 'rICC') return { kind: 'icc', profile: bytes.subarray(reader.at, box.end) };
  if (kind !== 'nclx') return undefined;
  const colour: HeifColour = { kind: 'nclx', primaries: reader.uint(2), transfer: reader.uint(2) };
  return reader.isOver ? undefined : colour;
}

/** EXIF orientations by quarter turns clockwise: plain, and mirrored left to right before they are turned. */
const TURNED = [1, 6, 3, 8];
const MIRRORED = [2, 7, 4, 5];

/** How properties turn an image, one after the other, as an EXIF orientation 1..8. */
export function orientationOf(properties: readonly HeifProperty[]): number {
  let turns = 0;
  let isMirrored = false;
  for (const { turns: anticlockwise, mirror } of properties) {
    if (anticlockwise !== undefined) turns -= anticlockwise;
    if (mirror === undefined) continue;
    turns = (mirror === 'top-bottom' ? 2 : 0) - turns;
    isMirrored = !isMirrored;
  }
  return (isMirrored ? MIRRORED : TURNED)[((turns % 4) + 4) % 4] ?? 1;
}
