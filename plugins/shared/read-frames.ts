import type { Camera, Frame, OutputInput, Raster } from 'unflat/plugin';
import { orAbort } from './or-abort.ts';

/** Reads frames as numbers, and closes them. Keeps its canvas from frame to frame of one size. */
export class FrameReader {
  #pen: OffscreenCanvasRenderingContext2D | undefined;

  read(frame: Frame): Raster {
    const { width, height } = frame;
    try {
      if (this.#pen?.canvas.width !== width || this.#pen.canvas.height !== height)
        this.#pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true }) ?? undefined;
      if (!this.#pen) throw new Error('there is no canvas to read frames from');
      this.#pen.drawImage(frame, 0, 0);
      return { width, height, rgba: this.#pen.getImageData(0, 0, width, height).data };
    } finally {
      frame.close();
    }
  }
}

/**
 * The pictures of cameras of one size as numbers, in turn. A cancel is heard between frames.
 * @throws the signal's reason; what the renderer throws.
 */
export async function* readFrames(
  frames: OutputInput['frames'],
  cameras: readonly Camera[],
  signal: AbortSignal,
): AsyncGenerator<Raster, void, undefined> {
  const reader = new FrameReader();
  const rendered = frames(cameras)[Symbol.asyncIterator]();
  let done = 0;
  try {
    for (;;) {
      const next = await orAbort(rendered.next(), signal, (late) => void (!late.done && late.value.close()));
      if (next.done) break;
      done++;
      yield reader.read(next.value);
    }
    if (done !== cameras.length) throw new Error(`${done} of ${cameras.length} frames were rendered`);
  } finally {
    // A renderer in the middle of a frame ends when it can; nobody waits for it.
    void Promise.resolve(rendered.return?.()).catch(() => undefined);
  }
}
