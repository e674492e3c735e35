/** An encoder that has not given anything by then, in milliseconds, hangs. Those in software need a tenth of a second for large pictures. */
const PATIENCE_MS = 5000;

/** Whether an encoder really takes frames: two black ones are encoded and thrown away. */
export async function encodes(config: VideoEncoderConfig): Promise<boolean> {
  let encoder: VideoEncoder | undefined;
  let chunks = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const failed = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it hangs')), PATIENCE_MS);
      encoder = new VideoEncoder({ output: () => void chunks++, error: reject });
    });
    const work = async (): Promise<void> => {
      encoder?.configure(config);
      for (const timestamp of [0, 1e6 / (config.framerate ?? 30)]) {
        const frame = blackFrame(config, Math.round(timestamp));
        encoder?.encode(frame);
        frame.close();
      }
      await encoder?.flush();
    };
    await Promise.race([work(), failed]);
    return chunks > 0;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    if (encoder && encoder.state !== 'closed') encoder.close();
  }
}

function blackFrame({ width, height }: VideoEncoderConfig, timestamp: number): VideoFrame {
  const planes = new Uint8Array(width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)).fill(128, width * height);
  return new VideoFrame(planes, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
}
