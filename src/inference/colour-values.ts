import type { ModelInput } from '../core/index.ts';
import type { OwnModelAnswers } from './model-source.ts';

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** What people may say of the numbers that a model takes for colours. */
export const COLOUR_VALUES: Readonly<Record<NonNullable<OwnModelAnswers['values']>, Pick<ModelInput, 'range' | 'mean' | 'std'>>> = {
  '0..1': { range: [0, 1], ...PLAIN },
  '0..255': { range: [0, 255], ...PLAIN },
  '-1..1': { range: [-1, 1], ...PLAIN },
  imagenet: { range: [0, 1], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};
