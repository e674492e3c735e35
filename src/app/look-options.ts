import type { OptionSpec } from '../plugin-api/index.ts';

type LookOption = Extract<OptionSpec, { type: 'number' }> & { id: 'depthStrength' | 'emphasis' | 'smoothing' };

/** What a person may change about any depth, wherever it comes from; ranges are those of the converter's settings. */
export const LOOK: readonly LookOption[] = [
  { id: 'depthStrength', label: 'Depth strength', type: 'number', default: 1, min: 0.25, max: 2, step: 0.05, help: 'How deep the 3D photo is.' },
  { id: 'emphasis', label: 'Near or far', type: 'number', default: 0, min: -1, max: 1, step: 0.1, help: 'Gives more of the depth to near things or to the distance.' },
  { id: 'smoothing', label: 'Smoothing', type: 'number', default: 1, min: 0, max: 2, step: 0.1, help: 'Irons out a rough or stepped depth map. Edges stay sharp.' },
];

/** A setting's value in words. */
export function lookWords({ id }: OptionSpec, value: number): string {
  if (id === 'smoothing') return smoothingWords(value);
  if (id === 'emphasis') return emphasisWords(value);
  return `${Math.round(value * 100)} %`;
}

function smoothingWords(value: number): string {
  if (value === 0) return 'Off';
  if (value === 1) return 'Automatic';
  return value < 1 ? 'Lighter' : value < 1.6 ? 'Stronger' : 'Strong';
}

function emphasisWords(value: number): string {
  if (Math.abs(value) < 0.05) return 'Even';
  const much = Math.abs(value) > 0.55 ? 'Much more' : 'More';
  return `${much} ${value > 0 ? 'near' : 'far'}`;
}
