import type { Lens, Rect } from '../core/index.ts';
import type { DepthInput, DepthResult } from '../plugin-api/index.ts';
import { answerError, type NamedPlugin } from './answer-error.ts';
import { asRecord } from './as-record.ts';
import { ownCopy } from './own-copy.ts';

const MOST_PX = 8192;

const isSide = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_PX;
const isFrom = (value: unknown, min: number, max: number): value is number => typeof value === 'number' && value >= min && value <= max;

/** @throws UnflatError `bad-plugin` that names the plugin and what is wrong. */
export function checkDepthResult(value: unknown, { photo }: Pick<DepthInput, 'photo'>, plugin: NamedPlugin): DepthResult {
  const { depth, crop, lens } = asRecord(value);
  const { width, height, disparity } = asRecord(depth);
  if (!isSide(width) || !isSide(height)) throw answerError(plugin, 'a depth map without a usable size');
  const values = ownCopy(disparity, Float32Array, width * height);
  if (!values) throw answerError(plugin, `no Float32Array of ${width} × ${height} values`);
  for (let i = 0; i < values.length; i++) {
    const each = values[i]!;
    if (!(each >= 0 && each <= 1)) throw answerError(plugin, `the disparity ${each}, which is not from 0 to 1`);
  }
  return {
    depth: { width, height, disparity: values },
    ...(crop !== undefined && { crop: rectOf(crop, photo, plugin) }),
    ...(lens !== undefined && { lens: lensOf(lens, plugin) }),
  };
}

function rectOf(value: unknown, photo: { width: number; height: number }, plugin: NamedPlugin): Rect {
  const { x, y, width, height } = asRecord(value);
  const isInside =
    [x, y, width, height].every(Number.isInteger) &&
    isFrom(x, 0, photo.width) &&
    isFrom(y, 0, photo.height) &&
    isSide(width) &&
    isSide(height);
  if (!isInside || x + width > photo.width || y + height > photo.height) throw answerError(plugin, 'a crop that is not inside the photo');
  return { x, y, width, height };
}

const LENS_RANGES: Readonly<Record<keyof Lens, readonly [number, number]>> = {
  fx: [0.05, 100],
  fy: [0.05, 100],
  cx: [-10, 10],
  cy: [-10, 10],
  near: [1e-6, 1e6],
  far: [1e-6, 1e9],
};

function lensOf(value: unknown, plugin: NamedPlugin): Partial<Lens> {
  const fields = asRecord(value);
  const lens: Partial<Lens> = {};
  for (const [name, [min, max]] of Object.entries(LENS_RANGES) as [keyof Lens, readonly [number, number]][]) {
    const each = fields[name];
    if (each === undefined) continue;
    if (!isFrom(each, min, max)) throw answerError(plugin, `a lens whose ${name} cannot be`);
    lens[name] = each;
  }
  if (lens.near !== undefined && lens.far !== undefined && lens.near >= lens.far)
    throw answerError(plugin, 'a lens whose near is not before its far');
  return lens;
}
