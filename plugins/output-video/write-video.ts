import { FrameWrap } from 'ccapture.js/FrameWrap';
import type { CCaptureParams, CaptureCanvas } from 'ccapture.js';
import { EventLoop, UnflatError, throwIfAborted } from 'unflat/plugin';
import type { Frame, OutputFile, OutputInput, PluginContext } from 'unflat/plugin';
import { shotOf } from './shot.ts';
import { chooseEncoding } from './encoding.ts';
import { FileEncoder } from './file-encoder.ts';

/** Renders and encodes one video; the values of all options are those of the plugin's description. */
export async function writeVideo(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { product, scene, options } = input;
  const { signal } = context;
  throwIfAborted(signal);
  const frameCount = Number(options['frames'] ?? 240);
  const fps = Number(options['fps'] ?? 40);
  const { cameras, shrunkBy } = shotOf(product, scene, {
    frames: frameCount,
    longerSidePx: Number(options['longerSidePx'] ?? 960),
    crop: options['crop'] !== false,
    amount: Number(options['amount'] ?? 1),
  });
  if (shrunkBy < 0.95) {
    context.warn(
      `The camera of “${product}” moves ${Math.round(shrunkBy * 100)} % as far as asked for, as more would show what lies outside the picture.`,
    );
  }
  const { width, height } = cameras[0]!;
  const encoding = await chooseEncoding(
    { width, height, fps },
    String(options['format'] ?? 'auto'),
    String(options['quality'] ?? 'standard'),
  );
  throwIfAborted(signal);

  const loop = new EventLoop();
  const encoder = new FileEncoder(encoding, fps, () => loop.turn());
  const wrap = new FrameWrap({ framerate: fps, encoder: encoder as unknown as CCaptureParams['encoder'] });
  const rendered = input.frames(cameras)[Symbol.asyncIterator]();
  try {
    await wrap.start();
    let done = 0;
    for (;;) {
      const next = await orAbort(rendered.next(), signal, closeFrame);
      if (next.done) break;
      try {
        // FrameWrap hands the frame on as it is; it only lacks the type.
        await orAbort(wrap.capture(next.value as unknown as CaptureCanvas), signal);
      } finally {
        next.value.close();
      }
      if (encoder.failure !== undefined) throw encoder.failure;
      done++;
      context.progress((0.98 * done) / frameCount, `Frame ${done} of ${frameCount}`);
      await loop.turn();
      throwIfAborted(signal);
    }
    if (done !== frameCount) throw new Error(`${done} of ${frameCount} frames were rendered`);
    await wrap.stop();
    const blob = await orAbort(
      wrap.save(() => undefined),
      signal,
    );
    if (!blob) throw new Error('the encoder returned no file');
    context.progress(1);
    return { suffix: `_${product}.${encoding.container}`, blob };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof UnflatError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnflatError('unsupported', `The video “${product}” could not be encoded (${reason}); try a smaller size or another format.`, {
      cause,
    });
  } finally {
    loop.dispose();
    // A renderer in the middle of a frame ends when it can; nobody waits for it.
    void Promise.resolve(rendered.return?.()).catch(() => undefined);
    await wrap.dispose();
  }
}

function closeFrame(result: IteratorResult<Frame>): void {
  if (!result.done) result.value.close();
}

/** The promise, or the signal's reason as soon as it is aborted; `late` tidies up what comes too late. */
async function orAbort<T>(promise: Promise<T>, signal: AbortSignal, late?: (value: T) => void): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      promise.then(late, () => undefined);
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
