import type { ModelRow } from '../core/index.ts';
import { strings } from './strings.ts';

/** Where a model is fetched from, as a person knows places: the host's name. */
export function hostOf({ files }: ModelRow): string {
  const url = files.find((file) => file.url)?.url;
  return url ? new URL(url).host : strings.models.thisDevice;
}
