import type { OptionSpec } from '../plugin-api/index.ts';
import { NUMBER_SETTINGS } from '../settings/index.ts';
import { strings } from './strings.ts';

/** What a person may change about any depth, wherever it comes from. */
export const LOOK = [NUMBER_SETTINGS.depthStrength, NUMBER_SETTINGS.emphasis, NUMBER_SETTINGS.smoothing];

/** A setting's value in words. */
export function lookWords({ id }: OptionSpec, value: number): string {
  if (id === 'smoothing') return smoothingWords(value);
  if (id === 'emphasis') return emphasisWords(value);
  return strings.look.percent(Math.round(value * 100));
}

function smoothingWords(value: number): string {
  if (value === 0) return strings.look.off;
  if (value === 1) return strings.look.automatic;
  return value < 1 ? strings.look.lighter : value < 1.6 ? strings.look.stronger : strings.look.strong;
}

function emphasisWords(value: number): string {
  if (Math.abs(value) < 0.05) return strings.look.balanced;
  const isStrong = Math.abs(value) > 0.55;
  if (value > 0) return isStrong ? strings.look.strongForeground : strings.look.moreForeground;
  return isStrong ? strings.look.strongBackground : strings.look.moreBackground;
}
