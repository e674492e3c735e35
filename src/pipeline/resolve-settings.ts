import { NUMBER_SETTINGS, outOfRange } from '../settings/index.ts';
import type { ConvertSettings } from './types.ts';

/** What a conversion does when nothing is asked for. */
export const DEFAULT_SETTINGS: Readonly<ConvertSettings> = {
  depthSource: 'auto',
  depthOptions: {},
  inpainter: 'auto',
  inpaintOptions: {},
  longerSidePx: NUMBER_SETTINGS.longerSidePx.default,
  detailPx: NUMBER_SETTINGS.detailPx.default,
  smoothing: NUMBER_SETTINGS.smoothing.default,
  depthStrength: NUMBER_SETTINGS.depthStrength.default,
  emphasis: NUMBER_SETTINGS.emphasis.default,
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
  for (const setting of Object.values(NUMBER_SETTINGS)) {
    const asked = outOfRange(setting, all[setting.id]);
    if (asked) throw new TypeError(`settings.${setting.id} must be ${asked}, got ${String(all[setting.id])}`);
  }
  const { lens, eyebox, preferredModel, ifInpainterMissing } = all;
  if (preferredModel !== undefined) text('preferredModel', preferredModel);
  if (ifInpainterMissing !== undefined && !['fail', 'warn', 'replace'].includes(ifInpainterMissing))
    throw new TypeError(`settings.ifInpainterMissing must be fail, warn or replace, got ${ifInpainterMissing}`);
  if (lens) {
    for (const key of ['fx', 'fy', 'near'] as const) positive(`lens.${key}`, lens[key]);
    for (const key of ['cx', 'cy'] as const) range(`lens.${key}`, lens[key], -10, 10);
    // A far of Infinity is a lens too: disparity 0 is then the sky.
    if (!(lens.far > lens.near)) throw new TypeError(`settings.lens.far must be larger than near (${lens.near}), got ${lens.far}`);
  }
  if (eyebox) for (const key of ['x', 'y', 'z'] as const) range(`eyebox.${key}`, eyebox[key], 0, Number.MAX_VALUE);
  return {
    depthSource: all.depthSource,
    ...(preferredModel !== undefined && { preferredModel }),
    depthOptions: sorted(all.depthOptions),
    inpainter: all.inpainter,
    ...(ifInpainterMissing && { ifInpainterMissing }),
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
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`settings.${path} must be the id of a plugin or model, got ${String(value)}`);
}

function positive(path: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity)
    throw new TypeError(`settings.${path} must be a number above 0, got ${String(value)}`);
}

function range(path: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  const bounds = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new TypeError(`settings.${path} must be a number ${bounds}, got ${String(value)}`);
}
