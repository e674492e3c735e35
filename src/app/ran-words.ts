import type { Provider } from '../core/index.ts';
import type { ConvertReport } from '../pipeline/index.ts';
import { strings } from './strings.ts';
import { timeWords } from './time-words.ts';

/** "on the processor, 2 threads". */
export function placeWords(provider: Provider, threads: number): string {
  const place = provider === 'webgpu' ? strings.models.onGraphicsCard : strings.models.onProcessor;
  return threads > 1 ? strings.models.threads(place, threads) : place;
}

/** "on the processor, 2 threads · 0.8 s". */
export function ranWords({ provider, threads, runMs }: { provider: Provider; threads: number; runMs: number }): string {
  return `${placeWords(provider, threads)} · ${shortTime(runMs)}`;
}

/** What filled in the hidden parts, and how: "on the processor, 2 threads · 3 runs · 1.2 s". */
export function inpaintWords({ inpaint, timesMs }: ConvertReport): string {
  const ms =
    timesMs.inpaint ?? inpaint.hostMs + (inpaint.baseMs ?? 0) + (inpaint.model ? inpaint.model.runMs + inpaint.model.sessionMs : 0);
  const place = inpaint.model ? placeWords(inpaint.model.provider, inpaint.model.threads) : strings.models.onProcessor;
  return `${place} · ${inpaint.model ? `${strings.models.runs(inpaint.runs)}\u00a0·\u00a0` : ''}${shortTime(ms)}`;
}

/** On one line, to a tenth of a second. */
function shortTime(ms: number): string {
  return (ms >= 100 ? strings.time.seconds((ms / 1000).toFixed(1)) : timeWords(ms)).replace(' ', '\u00a0');
}
