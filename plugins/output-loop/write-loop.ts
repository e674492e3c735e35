import { EventLoop, throwIfAborted } from 'unflat/plugin';
import type { Camera, OutputFile, OutputInput, OutputPlan, PluginContext, Raster } from 'unflat/plugin';
import { apertureFor, blurWords, type Aperture } from '../shared/lens/aperture-of.ts';
import { filmOf } from '../shared/lens/film-of.ts';
import { previewOf } from '../shared/lens/light-at.ts';
import { throughLens } from '../shared/lens/through-lens.ts';
import { shotOptions } from '../shared/moves/move-options.ts';
import { shrunkWords } from '../shared/moves/shot.ts';
import { codedPicture } from '../shared/encode-picture.ts';
import { ApngWriter } from '../shared/png/apng-writer.ts';
import { pngOf } from '../shared/png/write-png.ts';
import { WebpWriter } from '../shared/webp-writer.ts';
import { zipOf } from '../shared/zip-of.ts';
import { gifDelays } from './gif-delays.ts';
import type { Dither } from './palette-mapper.ts';
import { wiggleCameras } from './wiggle-cameras.ts';

/** So many frames, at most, are drawn before the others for a palette of all. */
const PALETTE_FRAMES = 8;

/** Of a pixel and frame: two rendered photos, 60 frames of 480 × 360, gave 0.59 and 0.63 bytes as GIF (wiggle 0.57), 1.55 as PNG; one 0.17 as WebP. */
const A_PIXEL = { gif: { bytes: 0.6, encodeNs: 150 }, webp: { bytes: 0.17, encodeNs: 100 }, png: { bytes: 1.55, encodeNs: 700 } };

type Wanted = Pick<OutputInput, 'product' | 'scene' | 'options'>;

function loopOf({ product, scene, options }: Wanted) {
  const isWiggle = product === 'wiggle';
  const move = isWiggle ? 'wiggle' : String(options['move'] ?? 'circle');
  const shot = { ...shotOptions(options, 480), back: true };
  const wiggle = isWiggle ? wiggleCameras(scene, Number(options['views'] ?? 3), shot) : undefined;
  const { cameras, shrunkBy, lens } = wiggle
    ? { ...wiggle, lens: apertureFor(options, scene, wiggle.cameras, shot.focus) }
    : filmOf(move, scene, { ...shot, frames: Number(options['frames'] ?? 60) }, options);
  const fps = Number(options['fps'] ?? 20);
  // In hundredths of a second.
  const delays = isWiggle ? cameras.map(() => Math.round(Number(options['holdMs'] ?? 120) / 10)) : gifDelays(cameras.length, fps);
  return { move, cameras, shrunkBy, lens, fps, delays };
}

/** What a loop will be. */
export function planLoop(wanted: Wanted): OutputPlan {
  const { cameras, delays, lens } = loopOf(wanted);
  const isGif = wanted.product === 'gif' || wanted.product === 'wiggle';
  const drawn = cameras.length * (lens?.places.length ?? 1);
  const { width, height } = cameras[0]!;
  const { bytes, encodeNs } = A_PIXEL[isGif ? 'gif' : wanted.product === 'webp' ? 'webp' : 'png'];
  return {
    bytes: cameras.length * width * height * bytes,
    drawing: { frames: drawn, pixels: drawn * width * height, encodeNs },
    move: { cameras, seconds: delays.reduce((sum, delay) => sum + delay, 0) / 100, ...previewOf(lens) },
  };
}

/** Renders and writes one loop; the values of all options are those of the plugin's description. */
export async function writeLoop(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { product } = input;
  throwIfAborted(context.signal);
  const { move, cameras, shrunkBy, lens, fps, delays } = loopOf(input);
  for (const words of [shrunkWords(move, shrunkBy), blurWords(lens)]) if (words !== undefined) context.warn(words);
  const film: Film = { cameras, lens, frames: input.frames };
  if (product === 'frames') return { suffix: `_${move}_frames.zip`, blob: await framesOf(input, film, context) };
  if (product === 'webp') return { suffix: `_${move}.webp`, blob: await webpOf(input, film, fps, context) };
  if (product === 'apng') return { suffix: `_${move}.png`, blob: await apngOf(film, fps, context) };
  return { suffix: `_${move}.gif`, blob: await gifOf(input, film, delays, context) };
}

/** What is drawn. */
interface Film {
  cameras: Camera[];
  lens: Aperture | undefined;
  frames: OutputInput['frames'];
  /** So many of all frames were drawn before these. Default: these are all. */
  first?: number;
  all?: number;
}

async function gifOf({ options }: OutputInput, film: Film, delays: number[], context: PluginContext): Promise<Blob> {
  const { GifWriter } = await import('./gif-writer.ts');
  const { cameras } = film;
  const every = options['palette'] === 'each' ? 0 : Math.max(1, Math.ceil(cameras.length / PALETTE_FRAMES));
  /** Frames that the palette is made of, by their places; they are not drawn twice. */
  const drawn = new Map<number, Raster>();
  const isSample = (i: number): boolean => every > 0 && i % every === 0;
  const samples = cameras.filter((_, i) => isSample(i));
  await eachFrame({ ...film, cameras: samples, first: 0, all: cameras.length }, context, (raster, n) => void drawn.set(n * every, raster));
  const gif = new GifWriter(String(options['dither'] ?? 'pattern') as Dither, [...drawn.values()]);
  let next = 0;
  /** Adds the frames that are drawn already, up to the next one that is not. */
  const addDrawn = (): void => {
    for (let raster = drawn.get(next); raster; raster = drawn.get(next)) {
      gif.add(raster, delays[next]!);
      drawn.delete(next++);
    }
  };
  addDrawn();
  await eachFrame(
    { ...film, cameras: cameras.filter((_, i) => !isSample(i)), first: samples.length, all: cameras.length },
    context,
    (raster) => {
      gif.add(raster, delays[next++]!);
      addDrawn();
    },
  );
  return gif.finish();
}

async function apngOf(film: Film, fps: number, context: PluginContext): Promise<Blob> {
  const apng = new ApngWriter(film.cameras.length, fps);
  await eachFrame(film, context, (raster, _, turn) => apng.add(raster, { onRows: turn }));
  return apng.finish();
}

async function webpOf({ options }: OutputInput, film: Film, fps: number, context: PluginContext): Promise<Blob> {
  const { width, height } = film.cameras[0]!;
  const webp = new WebpWriter(width, height);
  const quality = Number(options['quality'] ?? 80) / 100;
  /** When a frame begins, in whole milliseconds, which is what the format counts in. */
  const begins = (i: number): number => Math.round((1000 * i) / fps);
  await eachFrame(film, context, async (raster, i) => {
    webp.add(await codedPicture(raster, 'webp', context.signal, quality), begins(i + 1) - begins(i));
  });
  return webp.finish();
}

async function framesOf({ scene }: OutputInput, film: Film, context: PluginContext): Promise<Blob> {
  const files: Record<string, Uint8Array> = {};
  const digits = Math.max(4, String(film.cameras.length).length);
  await eachFrame(film, context, async (raster, i) => {
    const png = await pngOf(raster, context.signal);
    files[`${scene.name}_${String(i + 1).padStart(digits, '0')}.png`] = new Uint8Array(await png.arrayBuffer());
  });
  return zipOf(files);
}

/** Renders frames and does something with each; the page gets its turn between them. */
async function eachFrame(
  { cameras, lens, frames, first = 0, all = cameras.length }: Film,
  { signal, progress }: PluginContext,
  work: (raster: Raster, index: number, turn: () => Promise<void>) => void | Promise<void>,
): Promise<void> {
  if (cameras.length === 0) return;
  const loop = new EventLoop();
  const turn = async (): Promise<void> => {
    await loop.turn();
    throwIfAborted(signal);
  };
  let done = 0;
  try {
    for await (const raster of throughLens(frames, cameras, lens, { signal })) {
      await turn();
      await work(raster, done, turn);
      done++;
      progress((first + done) / all, `Frame ${first + done} of ${all}`);
    }
  } finally {
    loop.dispose();
  }
}
