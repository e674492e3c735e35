/** Runs in the browser, for output-video.test.ts. */
import output from '../../plugins/output-video/index.ts';
import type { Camera, Frame, OptionValues } from '../../src/plugin-api/index.ts';
import { FrameRenderer } from '../../src/viewer/index.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

export interface Recording {
  suffix: string;
  type: string;
  base64: string;
  fractions: number[];
  warnings: string[];
  /** Frames given and not closed afterwards. */
  framesLeft: number;
  framesGiven: number;
  /** States of the video encoders made meanwhile. */
  encoders: string[];
  clocksArePatched: boolean;
  /** Name and message of what went wrong. */
  error?: string;
  ms: number;
}

export interface RecordOptions {
  product: string;
  options: OptionValues;
  /** Abort when this many frames have been asked for. */
  abortAt?: number;
  /** Fail instead of giving this frame. */
  failAt?: number;
}

const native = [requestAnimationFrame, setTimeout, Date.now, performance.now];

async function record({ product, options, abortAt, failAt }: RecordOptions): Promise<Recording> {
  const scene = syntheticScene(SMALL);
  const renderer = new FrameRenderer(scene);
  const abort = new AbortController();
  const given: Frame[] = [];
  const made: VideoEncoder[] = [];
  const recording: Recording = {
    suffix: '',
    type: '',
    base64: '',
    fractions: [],
    warnings: [],
    framesLeft: 0,
    framesGiven: 0,
    encoders: [],
    clocksArePatched: false,
    ms: 0,
  };
  async function* frames(cameras: Iterable<Camera>): AsyncGenerator<Frame> {
    for (const camera of cameras) {
      const now = [requestAnimationFrame, setTimeout, Date.now, performance.now];
      recording.clocksArePatched ||= now.some((each, i) => each !== native[i]);
      if (given.length === failAt) throw new Error('the lamp went out');
      const frame = await renderer.render(camera, { supersample: 1 });
      given.push(frame);
      if (given.length === abortAt) abort.abort(new Error('enough'));
      yield frame;
    }
  }
  const Encoder = globalThis.VideoEncoder;
  globalThis.VideoEncoder = class extends Encoder {
    constructor(init: VideoEncoderInit) {
      super(init);
      made.push(this);
    }
  };
  const started = performance.now();
  try {
    const file = await output.write(
      { product, scene, options, frames },
      {
        signal: abort.signal,
        progress: (fraction) => void recording.fractions.push(fraction),
        warn: (message) => void recording.warnings.push(message),
        note: () => undefined,
        howToSet: () => '',
        decodeImage: () => Promise.reject(new Error('not needed')),
        infer: () => Promise.reject(new Error('not needed')),
        estimateDepth: () => Promise.resolve(undefined),
      },
    );
    const bytes = new Uint8Array(await file.blob.arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    Object.assign(recording, { suffix: file.suffix, type: file.blob.type, base64: btoa(binary) });
  } catch (error) {
    recording.error = `${(error as Error).name}: ${(error as Error).message}`;
  } finally {
    globalThis.VideoEncoder = Encoder;
  }
  recording.ms = performance.now() - started;
  // A frame that was under way when the run was aborted comes now.
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (let i = 0; i < 500 && given.some((frame) => frame.width > 0); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  recording.framesGiven = given.length;
  // A closed picture has no size.
  recording.framesLeft = given.filter((frame) => frame.width > 0).length;
  recording.encoders = made.map((encoder) => encoder.state);
  renderer.dispose();
  return recording;
}

/** Plays a file in a video element and compares its first and middle picture with what was rendered. */
async function play(
  base64: string,
  type: string,
  cameras: Camera[],
): Promise<{ width: number; height: number; duration: number; differences: number[] }> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], { type }));
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error?.message ?? 'the video does not load'));
  });
  const renderer = new FrameRenderer(syntheticScene(SMALL));
  const differences: number[] = [];
  for (const index of [0, cameras.length >> 1]) {
    video.currentTime = ((index + 0.5) * video.duration) / cameras.length;
    await new Promise((resolve) => (video.onseeked = resolve));
    const wanted = await renderer.readPixels(cameras[index]!, { supersample: 1 });
    const canvas = new OffscreenCanvas(wanted.width, wanted.height);
    const pen = canvas.getContext('2d')!;
    pen.drawImage(video, 0, 0);
    const got = pen.getImageData(0, 0, wanted.width, wanted.height).data;
    let sum = 0;
    for (let i = 0; i < got.length; i++) if (i % 4 < 3) sum += Math.abs(got[i]! - wanted.rgba[i]!);
    differences.push(sum / ((got.length / 4) * 3));
  }
  renderer.dispose();
  return { width: video.videoWidth, height: video.videoHeight, duration: video.duration, differences };
}

Object.assign(globalThis, { record, play });

declare global {
  var record: (options: RecordOptions) => Promise<Recording>;
  var play: (
    base64: string,
    type: string,
    cameras: Camera[],
  ) => Promise<{ width: number; height: number; duration: number; differences: number[] }>;
}
