import type { OptionSpec } from '../plugin-api/index.ts';
import { NUMBER_SETTINGS } from '../settings/index.ts';
import { strings } from './strings.ts';

/** What a person may change about any depth, wherever it comes from. */
export const DEPTH_SETTINGS = [NUMBER_SETTINGS.depthStrength, NUMBER_SETTINGS.emphasis, NUMBER_SETTINGS.smoothing];

/** A setting's value in words. */
export function depthSettingWords({ id }: OptionSpec, value: number): string {
  if (id === 'smoothing') return smoothingWords(value);
  if (id === 'emphasis') return emphasisWords(value);
  return strings.depthSettings.percent(Math.round(value * 100));
}

function smoothingWords(value: number): string {
  if (value === 0) return strings.depthSettings.off;
  if (value === 1) return strings.depthSettings.automatic;
  return value < 1 ? strings.depthSettings.lighter : value < 1.6 ? strings.depthSettings.stronger : strings.depthSettings.strong;
}

function emphasisWords(value: number): string {
  if (Math.abs(value) < 0.05) return strings.depthSettings.balanced;
  const isStrong = Math.abs(value) > 0.55;
  if (value > 0) return isStrong ? strings.depthSettings.strongForeground : strings.depthSettings.moreForeground;
  return isStrong ? strings.depthSettings.strongBackground : strings.depthSettings.moreBackground;
}
