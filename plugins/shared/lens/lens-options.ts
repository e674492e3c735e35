import type { OptionSpec, OptionValues } from 'unflat/plugin';

/** What a lens does to the picture; the point in focus is that of the focus options. */
export const LENS_OPTIONS = [
  {
    id: 'blur',
    label: 'Depth of field: blur',
    type: 'number',
    default: 0,
    min: 0,
    max: 4,
    step: 0.1,
    unit: '%',
    group: 'Lens',
    help: 'What is at the focus stays sharp. The size of a point that is farthest from it, in per cent of the width; 0 is all sharp. It takes many times as long.',
  },
  {
    id: 'vignette',
    label: 'Dark corners',
    type: 'number',
    default: 0,
    min: 0,
    max: 100,
    step: 5,
    unit: '%',
    group: 'Lens',
  },
] as const satisfies readonly OptionSpec[];

/** What the options above ask for. */
export interface LensWish {
  /** Diameter of a point that is farthest out of focus, in parts of the picture's width; 0 = all is sharp. */
  blur: number;
  /** 0..1. */
  vignette: number;
}

/** What the options say; undefined where the picture is as rendered. */
export function lensWish(options: OptionValues): LensWish | undefined {
  const blur = Number(options['blur'] ?? 0) / 100;
  const vignette = Number(options['vignette'] ?? 0) / 100;
  return blur > 0 || vignette > 0 ? { blur, vignette } : undefined;
}
