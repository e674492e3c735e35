import { EventLoop, throwIfAborted } from 'unflat/plugin';
import type { Camera, OutputFile, OutputInput, PluginContext, Raster, Scene } from 'unflat/plugin';
import { encodePicture, type PictureType } from '../shared/encode-picture.ts';
import { frameOf } from '../shared/moves/frame-of.ts';
import { isCovered } from '../shared/moves/is-covered.ts';
import { largestPart } from '../shared/moves/largest-part.ts';
import { shotOptions } from '../shared/moves/move-options.ts';
import { readFrames } from '../shared/read-frames.ts';
import { lightFieldCameras, middleDepth } from './light-field-cameras.ts';

/** Renders and writes one light-field picture; the values of all options are those of the plugin's description. */
export function writeLightField(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  throwIfAborted(context.signal);
  return input.product === 'quilt' ? writeQuilt(input, context) : writeRgbd(input, context);
}

async function writeQuilt({ scene, options, frames }: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { signal, progress } = context;
  const columns = Number(options['columns'] ?? 8);
  const rows = Number(options['rows'] ?? 6);
  const sidePx = Number(options['quiltPx'] ?? 3360);
  const aspect = String(options['aspect'] ?? '0.75');
  const tile = { width: Math.floor(sidePx / columns), height: Math.floor(sidePx / rows) };
  const frame = tileFrame(scene, tile, aspect === 'photo' ? scene.width / scene.height : Number(aspect));
  const views = columns * rows;
  const focus = middleDepth(scene);
  const amount = Number(options['amount'] ?? 1);
  const reach = coveredReach(scene, frame, focus, scene.eyebox.x * Math.min(1, amount));
  const cameras = lightFieldCameras(frame, views, focus, reach);
  const quilt: Raster = {
    width: tile.width * columns,
    height: tile.height * rows,
    rgba: new Uint8ClampedArray(tile.width * columns * tile.height * rows * 4).fill(255),
  };
  const loop = new EventLoop();
  try {
    let done = 0;
    for await (const raster of readFrames(frames, cameras, signal)) {
      // The first view, the leftmost, lies at the bottom left.
      place(quilt, raster, (done % columns) * tile.width, (rows - 1 - Math.floor(done / columns)) * tile.height);
      done++;
      progress((0.9 * done) / views, `View ${done} of ${views}`);
      await loop.turn();
      throwIfAborted(signal);
    }
  } finally {
    loop.dispose();
  }
  const type = typeOf(options);
  const blob = await encodePicture(quilt, type, signal);
  progress(1);
  const shown = aspect === 'photo' ? (scene.width / scene.height).toFixed(2) : aspect;
  return { suffix: `_qs${columns}x${rows}a${shown}.${type}`, blob };
}

async function writeRgbd({ scene, options, frames }: OutputInput, { signal, progress }: PluginContext): Promise<OutputFile> {
  const frame = frameOf(scene, { ...shotOptions(options, 1920), shape: 'photo', crop: false });
  const { width, height } = frame;
  const both: Raster = { width: 2 * width, height, rgba: new Uint8ClampedArray(2 * width * height * 4).fill(255) };
  for await (const raster of readFrames(frames, [frame], signal)) place(both, raster, 0, 0);
  progress(0.5, 'Adding the depth map');
  place(both, depthPicture(scene, width, height), width, 0);
  const type = typeOf(options);
  const blob = await encodePicture(both, type, signal);
  progress(1);
  return { suffix: `_rgbd.${type}`, blob };
}

function typeOf(options: OutputInput['options']): PictureType {
  return options['picture'] === 'jpg' ? 'jpg' : 'png';
}

/** The photo's camera for a tile whose picture is shown in that shape: the largest part of the photo, squeezed into the tile. */
function tileFrame(scene: Scene, tile: { width: number; height: number }, aspect: number): Camera {
  const { lens, width, height } = scene;
  const longer = Math.max(width, height);
  const across = Math.min(1, (height * aspect) / width);
  const down = Math.min(1, width / aspect / height);
  const sx = tile.width / (width * across);
  const sy = tile.height / (height * down);
  return {
    ...tile,
    fx: lens.fx * longer * sx,
    fy: lens.fy * longer * sy,
    cx: (lens.cx * longer - (width * (1 - across)) / 2) * sx,
    cy: (lens.cy * longer - (height * (1 - down)) / 2) * sy,
    c2w: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
}

/** How far the outermost cameras may be so that none shows what lies outside the picture. */
function coveredReach(scene: Scene, frame: Camera, focus: number, most: number): number {
  return most * largestPart((part) => lightFieldCameras(frame, 2, focus, most * part).every((camera) => isCovered(scene, camera)));
}

function place(target: Raster, source: Raster, left: number, top: number): void {
  for (let y = 0; y < source.height; y++)
    target.rgba.set(source.rgba.subarray(4 * y * source.width, 4 * (y + 1) * source.width), 4 * ((top + y) * target.width + left));
}

/** The depth map as grey, white = near, of the nearest sample at each pixel: between two surfaces there is nothing. */
function depthPicture({ depth }: Scene, width: number, height: number): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    const row = Math.min(depth.height - 1, Math.floor(((y + 0.5) * depth.height) / height)) * depth.width;
    for (let x = 0; x < width; x++) {
      const d = depth.disparity[row + Math.min(depth.width - 1, Math.floor(((x + 0.5) * depth.width) / width))]!;
      rgba.fill(d > 0 ? Math.round(255 * Math.min(d, 1)) : 0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  return { width, height, rgba };
}
