import { modelBytes, modelSizeWords, sizeWords, type DownloadProgress, type ModelInfo } from '../core/index.ts';
import { strings } from './strings.ts';

/** How a download stands: "12 of 27 MB · 3.1 MB/s · 5 s left". */
export function downloadWords({ receivedBytes, totalBytes, bytesPerSecond, secondsLeft, elsewhere }: DownloadProgress): string {
  const { models } = strings;
  if (elsewhere) return models.elsewhere;
  const received = sizeWords(receivedBytes);
  const parts = [totalBytes === null ? received : models.of(received, sizeWords(totalBytes))];
  if (bytesPerSecond > 0) parts.push(models.perSecond(sizeWords(bytesPerSecond)));
  if (bytesPerSecond > 0 && secondsLeft !== null) parts.push(models.left(durationWords(secondsLeft)));
  return parts.join(' · ');
}

/** What would have to be fetched still: "27 MB". */
export function missingWords({ row, storedBytes }: ModelInfo): string {
  const size = modelBytes(row);
  if (!size || storedBytes === 0) return modelSizeWords(row);
  const missing = sizeWords(Math.max(0, size.bytes - storedBytes));
  return size.exact ? missing : strings.models.aboutSize(missing);
}

function durationWords(seconds: number): string {
  if (seconds < 90) return strings.time.seconds(Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? strings.time.minutes(minutes) : strings.time.hours(Math.round(minutes / 60));
}
