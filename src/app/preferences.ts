import type { ConvertSettings } from '../pipeline/index.ts';

/** The few settings that belong to the person and not to a photo. */
export interface Preferences {
  /** Working resolution: longer side in pixels. */
  longerSidePx: number;
  /** The picture sways by itself while nobody touches it. */
  sway: boolean;
  /** Id of the model that was chosen last, for photos without depth. */
  depthModel?: string;
  /** What was chosen last to inpaint hidden parts: an inpainter or a model. */
  inpainter?: string;
}

const KEY = 'unflat-preferences';
const DEFAULTS: Preferences = { longerSidePx: 960, sway: true };
export const SIZES = [640, 960, 1280, 1920] as const;

export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences> & { filler?: unknown };
    // What 0.1.0 called an inpainter; will be removed in 0.2.
    const inpainter = kept.inpainter ?? kept.filler;
    return {
      longerSidePx: SIZES.find((size) => size === kept.longerSidePx) ?? DEFAULTS.longerSidePx,
      sway: typeof kept.sway === 'boolean' ? kept.sway : DEFAULTS.sway,
      ...(typeof kept.depthModel === 'string' && { depthModel: kept.depthModel }),
      ...(typeof inpainter === 'string' && { inpainter }),
    };
  } catch {
    return { ...DEFAULTS };
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // No storage in this window: the settings last as long as it does.
  }
}

export function baseSettings({ longerSidePx }: Preferences): Partial<ConvertSettings> {
  return { longerSidePx };
}
