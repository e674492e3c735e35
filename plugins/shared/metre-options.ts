import type { OptionSpec, OptionValues } from 'unflat/plugin';

/** Where near and far lie, for files that hold distances in metres. */
export const METRE_OPTIONS: readonly OptionSpec[] = [
  {
    id: 'nearM',
    label: 'Near',
    type: 'number',
    default: 1,
    min: 0.01,
    max: 1000,
    step: 0.01,
    unit: 'm',
    help: 'Distance of what is nearest; a photo alone does not tell it.',
  },
  { id: 'depthM', label: 'From near to far', type: 'number', default: 9, min: 0.01, max: 10000, step: 0.01, unit: 'm' },
];

/** Distances of what is nearest and farthest, in metres, as those options say. */
export function metresOf(options: OptionValues): { near: number; far: number } {
  const near = Number(options['nearM'] ?? 1);
  return { near, far: near + Number(options['depthM'] ?? 9) };
}
