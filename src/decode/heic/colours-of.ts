import type { HeifColour } from '../../core/index.ts';
import { readIcc } from './read-icc.ts';
import { SRGB_FROM_2020, SRGB_FROM_P3, fromHlg, fromPq, fromSrgb, toSrgb, type Matrix } from './transfer.ts';

/** Converts straight RGBA to sRGB, in place. */
export type ToSrgb = (rgba: Uint8ClampedArray) => void;

/** Colours that an image declares, understood. */
export interface HeicColours {
  convert: ToSrgb;
  /** They reach far beyond white: the name of how, for people. */
  hdr?: 'PQ' | 'HLG';
}

/** Levels of the table from linear light to sRGB; a step of the darkest is a quarter of an 8-bit level. */
const STEPS = 16_384;
/** Light of PQ and HLG goes to 1000 cd/m² here, where white is 203 (ITU-R BT.2408). */
const HDR_PEAK = 1000 / 203;
/** Light up to this share of white is left as it is; all above is compressed into the rest. */
const SHOULDER = 0.7;

/** How to bring declared colours to sRGB; undefined where they are sRGB already or cannot be understood: then they stay as they are. */
export function coloursOf(colour: HeifColour | undefined): HeicColours | undefined {
  if (!colour) return undefined;
  if (colour.kind === 'icc') {
    const profile = readIcc(colour.profile);
    return profile && isFarFromSrgb(profile.curves, profile.matrix) ? { convert: converter(profile.curves, profile.matrix, 1) } : undefined;
  }
  const matrix = colour.primaries === 12 ? SRGB_FROM_P3 : colour.primaries === 9 ? SRGB_FROM_2020 : undefined;
  const hdr = colour.transfer === 16 ? 'PQ' : colour.transfer === 18 ? 'HLG' : undefined;
  const gammas: Record<number, number> = { 4: 2.2, 5: 2.8, 8: 1 };
  const gamma = gammas[colour.transfer];
  if (!matrix && !hdr && gamma === undefined) return undefined;
  const curve =
    hdr === 'PQ' ? fromPq : hdr === 'HLG' ? fromHlg : gamma === undefined ? fromSrgb : (value: number): number => value ** gamma;
  const table = Float32Array.from({ length: 256 }, (_, i) => curve(i / 255));
  return { convert: converter([table, table, table], matrix, hdr ? HDR_PEAK : 1), ...(hdr && { hdr }) };
}

function isFarFromSrgb(curves: readonly Float32Array[], matrix: Matrix | undefined): boolean {
  const probe = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 128, 128, 128, 255, 40, 90, 200, 255]);
  const before = probe.slice();
  converter(curves, matrix, 1)(probe);
  return probe.some((value, i) => Math.abs(value - before[i]!) > 2);
}

/** @param peak the most light that there is, where white is 1. */
function converter(curves: readonly Float32Array[], matrix: Matrix | undefined, peak: number): ToSrgb {
  const [red, green, blue] = curves as [Float32Array, Float32Array, Float32Array];
  const [a, b, c, d, e, f, g, h, k] = matrix ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const steps = Math.ceil(STEPS * peak);
  const scale = steps / peak;
  const encoded = Uint8ClampedArray.from({ length: steps + 1 }, (_, i) => 255 * toSrgb(peak > 1 ? compressed(i / scale) : i / scale));
  const level = (light: number): number => encoded[light <= 0 ? 0 : light >= peak ? steps : (light * scale + 0.5) | 0]!;
  return (rgba) => {
    for (let i = 0; i < rgba.length; i += 4) {
      const r = red[rgba[i]!]!;
      const s = green[rgba[i + 1]!]!;
      const t = blue[rgba[i + 2]!]!;
      rgba[i] = level(a * r + b * s + c * t);
      rgba[i + 1] = level(d * r + e * s + f * t);
      rgba[i + 2] = level(g * r + h * s + k * t);
    }
  };
}

function compressed(light: number): number {
  const room = 1 - SHOULDER;
  return light <= SHOULDER ? light : SHOULDER + room * (1 - Math.exp((SHOULDER - light) / room));
}
