import type { ConvertSettings } from './types.ts';

/** What a conversion does when nothing is asked for. */
export const DEFAULT_SETTINGS: Readonly<ConvertSettings> = {
  depthSource: 'auto',
  depthOptions: {},
  inpainter: 'auto',
  inpaintOptions: {},
  longerSidePx: 960,
  detailPx: 2048,
  smoothing: 1,
  depthStrength: 1,
  emphasis: 0,
};

/**
 * Settings with their defaults filled in, in one order of keys, so that equal settings give equal JSON.
 * @throws TypeError with the path of the field that is out of its range.
 */
export function resolveSettings(settings: Partial<ConvertSettings> = {}): ConvertSettings {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const all: ConvertSettings = { ...DEFAULT_SETTINGS, ...given };
  text('depthSource', all.depthSource);
  text('inpainter', all.inpainter);
  range('longerSidePx', all.longerSidePx, 256, 4096, true);
  range('detailPx', all.detailPx, 0, 4096, true);
  range('smoothing', all.smoothing, 0, 2, false);
  range('depthStrength', all.depthStrength, 0.25, 2, false);
  range('emphasis', all.emphasis, -1, 1, false);
  const { lens, eyebox } = all;
  if (lens) {
    for (const key of ['fx', 'fy', 'near'] as const) positive(`lens.${key}`, lens[key]);
    for (const key of ['cx', 'cy'] as const) range(`lens.${key}`, lens[key], -10, 10, false);
    // A far of Infinity is a lens too: disparity 0 is then the sky.
    if (!(lens.far > lens.near)) throw new TypeError(`settings.lens.far must be larger than near (${lens.near}), got ${lens.far}`);
  }
  if (eyebox) for (const key of ['x', 'y', 'z'] as const) range(`eyebox.${key}`, eyebox[key], 0, Number.MAX_VALUE, false);
  return {
    depthSource: all.depthSource,
    depthOptions: sorted(all.depthOptions),
    inpainter: all.inpainter,
    inpaintOptions: sorted(all.inpaintOptions),
    longerSidePx: all.longerSidePx,
    detailPx: all.detailPx,
    smoothing: all.smoothing,
    depthStrength: all.depthStrength,
    emphasis: all.emphasis,
    ...(lens && { lens: { fx: lens.fx, fy: lens.fy, cx: lens.cx, cy: lens.cy, near: lens.near, far: lens.far } }),
    ...(eyebox && { eyebox: { x: eyebox.x, y: eyebox.y, z: eyebox.z } }),
  };
}

function sorted<V>(values: Record<string, V>): Record<string, V> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function text(path: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new TypeError(`settings.${path} must be the id of a plugin or model, got ${String(value)}`);
}

function positive(path: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) throw new TypeError(`settings.${path} must be a number above 0, got ${String(value)}`);
}

function range(path: string, value: unknown, min: number, max: number, integer: boolean): void {
  const right = typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value));
  if (right) return;
  const kind = integer ? 'an integer' : 'a number';
  const bounds = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new TypeError(`settings.${path} must be ${kind} ${bounds}, got ${String(value)}`);
}
