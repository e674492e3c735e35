import { BufferTarget, Mp4OutputFormat, Output, Quality, VideoSample, VideoSampleSource, WebMOutputFormat } from 'mediabunny';
import type { Frame, Raster } from 'unflat/plugin';
import type { Encoding } from './encoding.ts';
import { COLOUR_SPACE, convertRows, emptyPlanes, type Planes } from './convert-rows.ts';

/** Rows that are converted at a stretch, in pixels, before the page gets its turn. */
const PIXELS_A_TURN = 1 << 20;

const MIME_TYPES = { mp4: 'video/mp4', webm: 'video/webm' } as const;

/**
 * An encoder for ccapture.js' FrameWrap (its `FrameEncoder` contract): frames go through WebCodecs
 * into an MP4 or WebM file. FrameWrap logs and swallows what an encoder throws, so failures are
 * kept in `failure` instead.
 */
export class FileEncoder {
  readonly mimeType: string;
  readonly extension: string;
  readonly name: string;
  /** Why encoding stopped, where it did; frames added later are dropped. */
  failure: Error | undefined;
  #frames = 0;
  #rgbx: Uint8Array<ArrayBuffer> | undefined;
  #planes: Planes | undefined;
  readonly #turn: () => Promise<void>;
  readonly #fps: number;
  readonly #source: VideoSampleSource;
  readonly #target = new BufferTarget();
  readonly #output: Output;

  /** @param turn resolves in a task of its own, so that large frames do not hold up the page. */
  constructor(encoding: Encoding, fps: number, turn: () => Promise<void>) {
    this.extension = encoding.container;
    this.mimeType = MIME_TYPES[encoding.container];
    this.name = `video.${this.extension}`;
    this.#fps = fps;
    this.#turn = turn;
    this.#source = new VideoSampleSource({
      codec: encoding.codec,
      fullCodecString: encoding.codecString,
      quality: new Quality({ bitrate: encoding.bitrate, bitrateMode: 'variable' }),
      keyFrameInterval: 2,
    });
    const format = encoding.container === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
    this.#output = new Output({ format, target: this.#target });
    this.#output.addVideoTrack(this.#source, { frameRate: fps });
    // Programs that cut or encode a video anew write their own name here, so this says that it is as we wrote it.
    this.#output.setMetadataTags({ raw: encoding.container === 'mp4' ? { '©too': 'Unflat' } : { ENCODER: 'Unflat' } });
  }

  on(): this {
    return this;
  }

  async start(): Promise<void> {
    await this.#output.start();
  }

  /** Resolves when the encoder has room for the next frame. Does not close `frame`. */
  async add(frame: unknown): Promise<void> {
    if (this.failure !== undefined) return;
    try {
      // Counted from the first frame, so that no rounding adds up.
      const timestamp = this.#frames++ / this.#fps;
      const sample = new VideoSample(await this.#inVideoRange(frame as Frame | Raster), { timestamp, duration: 1 / this.#fps });
      try {
        await this.#source.add(sample);
      } finally {
        sample.close();
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  async #inVideoRange(frame: Frame | Raster): Promise<VideoFrame> {
    if ('rgba' in frame) return this.#converted(frame.rgba, frame.width, frame.height);
    const picture = new VideoFrame(frame, { timestamp: 0 });
    try {
      this.#rgbx ??= new Uint8Array(picture.allocationSize({ format: 'RGBX' }));
      await picture.copyTo(this.#rgbx, { format: 'RGBX' });
    } catch {
      // This browser does not hand out pixels; its own conversion will do.
      return picture;
    }
    picture.close();
    return this.#converted(this.#rgbx, frame.width, frame.height);
  }

  async #converted(rgbx: Uint8Array | Uint8ClampedArray, width: number, height: number): Promise<VideoFrame> {
    this.#planes ??= emptyPlanes(width, height);
    const rows = 2 * Math.max(1, Math.floor(PIXELS_A_TURN / width / 2));
    for (let y = 0; y < height; y += rows) {
      if (y > 0) await this.#turn();
      convertRows(rgbx, this.#planes, y, Math.min(height, y + rows));
    }
    // The constructor copies the planes.
    return new VideoFrame(this.#planes.bytes, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: 0,
      colorSpace: COLOUR_SPACE,
    });
  }

  async stop(): Promise<void> {}

  /** Waits for the last frames and gives the file. */
  async save(): Promise<Blob | null> {
    await this.#output.finalize();
    const { buffer } = this.#target;
    return buffer && new Blob([buffer], { type: this.mimeType });
  }

  /** Closes the encoder; after `save` there is nothing left to close. */
  async dispose(): Promise<void> {
    const { state } = this.#output;
    // What may go wrong now was the reason to stop, and is on its way to the person already.
    if (state === 'pending' || state === 'started') await this.#output.cancel().catch(() => undefined);
  }
}
