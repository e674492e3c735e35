import type { OptionSpec } from '../plugin-api/index.ts';
import { NUMBER_SETTINGS } from '../settings/index.ts';

/** What a person may change about any depth, wherever it comes from. */
export const LOOK = [NUMBER_SETTINGS.depthStrength, NUMBER_SETTINGS.emphasis, NUMBER_SETTINGS.smoothing];

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
  if (Math.abs(value) < 0.05) return 'Balanced';
  const side = value > 0 ? 'foreground' : 'background';
  return Math.abs(value) > 0.55 ? `Strong ${side}` : `More ${side}`;
}
