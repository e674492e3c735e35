import { FrameWrap } from 'ccapture.js/FrameWrap';
import type { CCaptureParams, CaptureCanvas } from 'ccapture.js';
import { EventLoop, UnflatError, throwIfAborted } from 'unflat/plugin';
import type { Frame, PluginContext, Raster } from 'unflat/plugin';
import { orAbort } from '../or-abort.ts';
import { chooseEncoding, type Picture } from './encoding.ts';
import { FileEncoder } from './file-encoder.ts';

export interface VideoRequest extends Picture {
  /** What it is called in errors: “circle”. */
  name: string;
  /** How many pictures there are. */
  count: number;
  /** `auto`, `mp4` or `webm`. */
  format: string;
  /** `small`, `standard` or `high`. */
  quality: string;
}

/**
 * Encodes pictures of one size, even in both directions. Frames are closed, also after a cancel.
 * @throws UnflatError `unsupported` where it cannot be encoded here; the signal's reason.
 */
export async function encodeVideo(
  pictures: () => AsyncIterable<Frame | Raster>,
  { name, count, format, quality, width, height, fps }: VideoRequest,
  context: Pick<PluginContext, 'signal' | 'progress'>,
): Promise<{ container: 'mp4' | 'webm'; blob: Blob }> {
  const { signal } = context;
  const encoding = await chooseEncoding({ width, height, fps }, format, quality);
  throwIfAborted(signal);

  const loop = new EventLoop();
  const encoder = new FileEncoder(encoding, fps, () => loop.turn());
  const wrap = new FrameWrap({ framerate: fps, encoder: encoder as unknown as CCaptureParams['encoder'] });
  const rendered = pictures()[Symbol.asyncIterator]();
  try {
    await wrap.start();
    let done = 0;
    for (;;) {
      const next = await orAbort(rendered.next(), signal, (late) => void (!late.done && close(late.value)));
      if (next.done) break;
      try {
        // FrameWrap hands the frame on as it is; it only lacks the type.
        await orAbort(wrap.capture(next.value as unknown as CaptureCanvas), signal);
      } finally {
        close(next.value);
      }
      if (encoder.failure !== undefined) throw encoder.failure;
      done++;
      context.progress((0.98 * done) / count, `Frame ${done} of ${count}`);
      await loop.turn();
      throwIfAborted(signal);
    }
    if (done !== count) throw new Error(`${done} of ${count} frames were rendered`);
    await wrap.stop();
    const blob = await orAbort(
      wrap.save(() => undefined),
      signal,
    );
    if (!blob) throw new Error('the encoder returned no file');
    context.progress(1);
    return { container: encoding.container, blob };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof UnflatError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnflatError('unsupported', `The video “${name}” could not be encoded (${reason}); try a smaller size or another format.`, {
      cause,
    });
  } finally {
    loop.dispose();
    // A renderer in the middle of a frame ends when it can; nobody waits for it.
    void Promise.resolve(rendered.return?.()).catch(() => undefined);
    await wrap.dispose();
  }
}

function close(picture: Frame | Raster): void {
  if ('close' in picture) picture.close();
}
