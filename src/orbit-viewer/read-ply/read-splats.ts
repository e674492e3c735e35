import type { PlyElement, PlyHeader } from './ply-header.ts';
import type { PlyValues } from './ply-values.ts';
import { Fault } from '../fault.ts';

/** Gaussian splats in the rows that Babylon and .splat files have. */
export interface Splats {
  kind: 'splats';
  count: number;
  /** 32 bytes a splat: place and size, three float32 each; colour and opacity, four bytes; turn w x y z, four bytes, 128 = 0. */
  rows: ArrayBuffer;
  /** Degree of the colours that change with the direction, 0..3. */
  degree: number;
  /** For degrees above 0: bytes a splat, three a coefficient, 128 = 0, one after the other. */
  directional?: Uint8Array<ArrayBuffer>;
}

const SPLAT_BYTES = 32;
/** Zeroth spherical harmonic: what a coefficient of a constant colour is multiplied by. */
const CONSTANT = 0.5 / Math.sqrt(Math.PI);
const NEEDED = [
  'x',
  'y',
  'z',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
  'opacity',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
];

export function isSplat({ properties }: PlyElement): boolean {
  return properties.some(({ name }) => name === 'f_dc_0') && properties.some(({ name }) => name === 'scale_0');
}

/** Splats packed in chunks of 256, as editors of splats save them. */
export function isCompressed({ elements }: PlyHeader): boolean {
  return elements.some(({ name, properties }) => name === 'vertex' && properties.some((property) => property.name === 'packed_position'));
}

/**
 * Reads splats as the 2023 paper's program writes them: sizes as logarithms, opacity before the logistic function, colours as
 * coefficients of spherical harmonics.
 */
export function readSplats({ count, properties }: PlyElement, values: PlyValues): Splats {
  const names = properties.map(({ name }) => name);
  const places = NEEDED.map((name) => names.indexOf(name));
  if (places.includes(-1) || properties.some(({ countType }) => countType)) throw new Fault('its splats lack size, turn or colour');
  const rest = Array.from({ length: 45 }, (_, i) => names.indexOf(`f_rest_${i}`));
  const restCount = rest.findIndex((place) => place < 0) < 0 ? 45 : rest.findIndex((place) => place < 0);
  const degree = restCount >= 45 ? 3 : restCount >= 24 ? 2 : restCount >= 9 ? 1 : 0;
  const coefficients = (degree + 1) ** 2 - 1;
  const rows = new ArrayBuffer(SPLAT_BYTES * count);
  const floats = new Float32Array(rows);
  const bytes = new Uint8ClampedArray(rows);
  const directional = degree ? new Uint8Array(3 * coefficients * count) : undefined;
  const row = new Float64Array(properties.length);
  const at = (index: number): number => row[places[index]!]!;
  for (let s = 0; s < count; s++) {
    for (let p = 0; p < properties.length; p++) row[p] = values.next(properties[p]!.type);
    for (let axis = 0; axis < 3; axis++) {
      floats[8 * s + axis] = finite(at(axis));
      floats[8 * s + 3 + axis] = Math.min(1e6, finite(Math.exp(at(3 + axis))));
      bytes[32 * s + 24 + axis] = (0.5 + CONSTANT * at(11 + axis)) * 255;
    }
    bytes[32 * s + 27] = 255 / (1 + Math.exp(-at(10)));
    const length = Math.hypot(at(6), at(7), at(8), at(9)) || 1;
    for (let i = 0; i < 4; i++) bytes[32 * s + 28 + i] = (at(6 + i) / length) * 127.5 + 127.5;
    if (!directional) continue;
    // The file has all of red before all of green.
    for (let k = 0; k < coefficients; k++)
      for (let channel = 0; channel < 3; channel++) {
        const value = row[rest[channel * coefficients + k]!]!;
        directional[3 * (s * coefficients + k) + channel] = Math.min(255, Math.max(0, Math.round(value * 127.5 + 127.5)));
      }
  }
  return { kind: 'splats', count, rows, degree, ...(directional && { directional }) };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
