import { UnflatError } from '../core/index.ts';

/** Puts a known picture onto a canvas and reads it back. */
export type ReadBack = (picture: Uint8ClampedArray<ArrayBuffer>, side: number) => Uint8ClampedArray | undefined;

const SIDE = 64;
/** Mean difference, 0..255, from which what is read has nothing to do with what was put there. Noise of single bits is below 1. */
const MADE_UP = 8;

const HOW =
  'in Firefox and its relatives with the sign in the address bar, or “privacy.resistFingerprinting” in about:config; in Brave with Shields, “Block fingerprinting”';

let known: string | undefined | null = null;

/**
 * Some browsers, to protect against being recognised, change the pixels that pages read.
 * @returns a warning where they change them a little; undefined where not at all.
 * @throws UnflatError `graphics-unavailable` where the pixels are made up, naming the setting.
 */
export function checkReadBack(name: string, read?: ReadBack): string | undefined {
  if (read === undefined && known !== null) return known;
  const warning = compare(name, read ?? throughCanvas);
  if (read === undefined) known = warning;
  return warning;
}

function compare(name: string, read: ReadBack): string | undefined {
  const picture = Uint8ClampedArray.from({ length: SIDE * SIDE * 4 }, (_, i) => (i % 4 === 3 ? 255 : ((i >> 2) * 37 + (i % 4) * 91) % 256));
  const back = read(picture.slice(), SIDE);
  if (!back) return undefined;
  const difference = picture.reduce((sum, value, i) => sum + Math.abs(value - (back[i] ?? 0)), 0) / picture.length;
  if (difference > MADE_UP) {
    throw new UnflatError(
      'graphics-unavailable',
      `This browser gives web pages altered pixels instead of those of ${name}, as a protection against fingerprinting. Allow this page to read pictures (${HOW}), then reload the page.`,
    );
  }
  if (difference > 0)
    return `This browser adds noise to the pixels that pages read, as a protection against being recognised; depth and colours may be a little rough. It can be switched off for this page (${HOW}).`;
  return undefined;
}

function throughCanvas(picture: Uint8ClampedArray<ArrayBuffer>, side: number): Uint8ClampedArray | undefined {
  const context =
    'OffscreenCanvas' in globalThis ? new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true }) : undefined;
  if (!context) return undefined;
  context.putImageData(new ImageData(picture, side, side), 0, 0);
  return context.getImageData(0, 0, side, side).data;
}
