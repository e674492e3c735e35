import { modelBytes, modelSizeWords, type DownloadProgress, type ModelInfo, type ModelRow, type Provider } from '../core/index.ts';
import type { ConvertReport } from '../pipeline/index.ts';
import { sizeWords, timeWords } from './words.ts';

/** Where a model is fetched from, as a person knows places: the host's name. */
export function hostOf({ files }: ModelRow): string {
  const url = files.find((file) => file.url)?.url;
  return url ? new URL(url).host : 'this device';
}

/** What would have to be fetched still: "27 MB". */
export function missingWords({ row, storedBytes }: ModelInfo): string {
  const size = modelBytes(row);
  if (!size || storedBytes === 0) return modelSizeWords(row);
  return `${size.exact ? '' : 'about '}${sizeWords(Math.max(0, size.bytes - storedBytes))}`;
}

/** A model that a browser may not fetch: the person downloads the file and brings it. */
export function isByHand({ files }: ModelRow): boolean {
  return files.some(({ byHand }) => byHand);
}

const PLACES: Record<Provider, string> = { webgpu: 'on the graphics card', wasm: 'on the processor' };

/** "on the processor, 2 threads". */
export function placeWords(provider: Provider, threads: number): string {
  return threads > 1 ? `${PLACES[provider]}, ${threads} threads` : PLACES[provider];
}

/** "on the processor, 2 threads · 0.8 s". */
export function ranWords({ provider, threads, runMs }: { provider: Provider; threads: number; runMs: number }): string {
  const time = runMs >= 100 ? `${(runMs / 1000).toFixed(1)} s` : timeWords(runMs);
  return `${placeWords(provider, threads)} · ${time.replace(' ', '\u00a0')}`;
}

/** What painted the hidden parts, and how: "on the processor, 2 threads · 3 runs · 1.2 s". */
export function fillWords({ fill, timesMs }: ConvertReport): string {
  const ms = timesMs.inpaint ?? fill.hostMs + (fill.baseMs ?? 0) + (fill.model ? fill.model.runMs + fill.model.sessionMs : 0);
  const time = (ms >= 100 ? `${(ms / 1000).toFixed(1)} s` : timeWords(ms)).replace(' ', '\u00a0');
  const runs = `${fill.runs}\u00a0${fill.runs === 1 ? 'run' : 'runs'}`;
  const place = fill.model ? placeWords(fill.model.provider, fill.model.threads) : 'on the processor';
  return `${place} · ${fill.model ? `${runs}\u00a0·\u00a0` : ''}${time}`;
}

/** How a download stands: "12 of 27 MB · 3.1 MB/s · 5 s left". */
export function downloadWords({ receivedBytes, totalBytes, bytesPerSecond, secondsLeft, elsewhere }: DownloadProgress): string {
  if (elsewhere) return 'Another window is downloading it; this one waits';
  const amount = totalBytes === null ? sizeWords(receivedBytes) : `${sizeWords(receivedBytes)} of ${sizeWords(totalBytes)}`;
  const speed = bytesPerSecond > 0 ? ` · ${sizeWords(bytesPerSecond)}/s` : '';
  const left = secondsLeft === null || bytesPerSecond <= 0 ? '' : ` · ${durationWords(secondsLeft)} left`;
  return amount + speed + left;
}

function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const DAY_MS = 86_400_000;

/** "used today", "used 3 days ago", "not used yet". */
export function usedWords(usedAt: number | undefined, now = Date.now()): string {
  if (usedAt === undefined) return 'not used yet';
  const days = Math.round((startOfDay(now) - startOfDay(usedAt)) / DAY_MS);
  if (days <= 0) return 'used today';
  if (days === 1) return 'used yesterday';
  return days < 60 ? `used ${days} days ago` : `used ${Math.round(days / 30)} months ago`;
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
