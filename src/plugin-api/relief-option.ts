import type { OptionSpec } from './index.ts';

/** The option `relief` of outputs that write a model: whether its depth is made compact, see {@link reliefOf}. 'compact' (default) or 'full'. */
export const RELIEF_OPTION = {
  id: 'relief',
  label: 'Depth range',
  type: 'choice',
  default: 'compact',
  choices: [
    { value: 'compact', label: 'Compact: the far part and the sky become a backdrop' },
    { value: 'full', label: 'Full: distances as estimated' },
  ],
  help: 'Both look the same from the photo’s camera. A compact mesh has a smooth backdrop, so that no holes show from the side.',
} as const satisfies OptionSpec;
