import type { Passes } from 'unflat/plugin';
import { latin1 } from './bytes.ts';
import { inBands } from './in-bands.ts';
import { depthOfColours, type ColourReading, type ColourWords } from './colour-reading.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

/** White space and comments between the numbers of a header. */
const GAP = String.raw`(?:\s|#[^\n]{0,400}\n){1,40}`;
const HEADER = new RegExp(String.raw`^P([2356])${GAP}(\d{1,9})${GAP}(\d{1,9})${GAP}(\d{1,9})`);
const DAMAGED = 'The file is cut off or damaged: copy or save it again.';

/** Whether the bytes begin as a PGM or PPM file does: grey or colours, as text or not. */
export function isPnm(bytes: Uint8Array): boolean {
  return /^P[2356][\s#]/.test(latin1(bytes, 0, 3));
}

/**
 * Reads a PGM (P2, P5) or PPM (P3, P6) picture of up to 16 bits; more than 8 with the most significant byte first.
 * @param say tells the person how colours were read.
 * @throws UnflatError `bad-depth`; sizes are checked against the file before memory is taken.
 */
export function* readPnm(bytes: Uint8Array, what: string, reading: ColourReading, say: ColourWords): Passes<RawDepth> {
  const header = HEADER.exec(latin1(bytes, 0, 4096));
  if (!header) throw badDepth(what, 'damaged PGM file: its header is not width, height and largest value.', 'Save the map again.');
  const [width, height, fullScale] = [Number(header[2]), Number(header[3]), Number(header[4])];
  checkSize(what, width, height);
  if (fullScale < 1 || fullScale > 65_535)
    throw badDepth(what, `damaged PGM file: its largest value is ${fullScale}.`, 'Save the map again.');
  const channels = header[1] === '3' || header[1] === '6' ? 3 : 1;
  const isText = header[1] === '2' || header[1] === '3';
  const count = width * height * channels;
  const given = bytes.length - header[0].length - 1;
  const needed = isText ? 2 * count - 1 : count * (fullScale > 255 ? 2 : 1);
  if (given < needed)
    throw badDepth(
      what,
      `its header claims ${width} × ${height} samples (${needed} bytes or more), but ${Math.max(0, given)} follow.`,
      DAMAGED,
    );
  // Windows programs may end the header with CR LF; the file's size tells it from a sample.
  const start =
    header[0].length + (!isText && latin1(bytes, header[0].length, header[0].length + 2) === '\r\n' && given === needed + 1 ? 2 : 1);
  const samples = isText ? yield* readText(bytes, start, count) : yield* readBinary(bytes, start, count, fullScale);
  if (!samples) throw badDepth(what, 'damaged PGM file: numbers are missing.', DAMAGED);
  if (channels === 1) return { width, height, values: samples, what, fullScale, meaning: 'guess', kind: 'picture', step: 1 };
  yield;
  return yield* depthOfColours(
    { data: Uint8Array.from(samples, (value) => (value * 255) / fullScale), channels: 3 },
    width,
    height,
    what,
    reading,
    say,
  );
}

function* readBinary(bytes: Uint8Array, start: number, count: number, fullScale: number): Passes<Float32Array> {
  const values = new Float32Array(count);
  yield* inBands(count, 1, (from, to) => {
    for (let i = from; i < to; i++)
      values[i] = fullScale > 255 ? bytes[start + 2 * i]! * 256 + bytes[start + 2 * i + 1]! : bytes[start + i]!;
  });
  return values;
}

/** Decimal numbers apart by white space; undefined where there are too few. */
function* readText(bytes: Uint8Array, start: number, count: number): Passes<Float32Array | undefined> {
  const values = new Float32Array(count);
  let [at, number] = [0, -1];
  yield* inBands(bytes.length - start + 1, 1, (from, to) => {
    for (let i = start + from; i < start + to && at < count; i++) {
      const digit = (bytes[i] ?? 0x20) - 0x30;
      if (digit >= 0 && digit <= 9) number = Math.max(0, number) * 10 + digit;
      else if (number >= 0) {
        values[at++] = number;
        number = -1;
      }
    }
  });
  return at === count ? values : undefined;
}
