/** Writes made-up scenes with their true new views, in the layout that `bench quality FOLDER` reads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Raster } from '../../../src/core/index.ts';
import { HALVES, madeScene, type Kind } from './made-scenes.ts';
import { FAR, render, type Lens, type Picture, type Vector } from './ray-scene.ts';

export { HALVES };

const LENS: Lens = { width: 640, height: 480, focal: 600 };
/** Share of the width by which what is at the median depth moves, and the most that the nearest things may. */
const MOVE = 0.04;
const MOST_MOVE = 0.1;
/** A point is hidden in the photo where it lies this share behind all that is seen round its place. */
const BEHIND = 0.01;

const DIRECTIONS: Record<string, Vector> = {
  left: [-1, 0, 0],
  right: [1, 0, 0],
  up: [0, 0.8, 0],
  left_small: [-0.5, 0, 0],
  forward: [0, 0, -2],
};

/** @param folder gets a folder a scene. @param half which of the scenes. @param seed gives other places, colours and cameras. */
export function writeScenes(folder: string, half: keyof typeof HALVES, seed: number): void {
  for (const kind of HALVES[half]) {
    writeScene(join(folder, kind), kind, seed);
    console.log(join(folder, kind));
  }
}

function writeScene(folder: string, kind: Kind, seed: number): void {
  const world = madeScene(kind, seed);
  const photo = render(world, LENS, [0, 0, 0]);
  const sorted = Float32Array.from(photo.depth).sort();
  const near = sorted[0]!;
  const step =
    LENS.width *
    Math.min((MOVE * sorted[sorted.length >> 1]!) / LENS.focal, (MOST_MOVE * sorted[Math.floor(sorted.length / 50)]!) / LENS.focal);
  const { width, height, focal } = LENS;
  mkdirSync(join(folder, 'views'), { recursive: true });
  writePicture(join(folder, 'photo.png'), photo.image);
  const disparity = Uint16Array.from(photo.depth, (z) => Math.round((65535 * (1 / z - 1 / FAR)) / (1 / near - 1 / FAR)));
  writeFileSync(join(folder, 'disparity.png'), encode({ width, height, data: disparity, depth: 16, channels: 1 }));
  const views = Object.entries(DIRECTIONS).map(([name, way], n) => {
    const at = way.map((part) => part * step) as unknown as Vector;
    const view = render(world, LENS, at);
    const stem = `views/${String(n).padStart(2, '0')}`;
    writePicture(join(folder, `${stem}.png`), view.image);
    writeFileSync(
      join(folder, `${stem}_disoccluded.png`),
      encode({ width, height, data: kindsOf(photo, view, at), depth: 8, channels: 1 }),
    );
    const c2w = [0, 1, 2, 3].map((row) => [0, 1, 2].map((column): number => (row === column ? 1 : 0)).concat(row < 3 ? at[row]! : 1));
    return {
      file: `${stem}.png`,
      mask: `${stem}_disoccluded.png`,
      name,
      c2w,
      width,
      height,
      fx: focal,
      fy: focal,
      cx: width / 2,
      cy: height / 2,
    };
  });
  const camera = { scene: kind, width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2, near, far: FAR, views };
  writeFileSync(join(folder, 'camera.json'), JSON.stringify(camera, null, 1));
}

function writePicture(file: string, { width, height, rgba }: Raster): void {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[i * 3 + c] = rgba[i * 4 + c]!;
  writeFileSync(file, encode({ width, height, data, depth: 8, channels: 3 }));
}

/** For each pixel of a view: 0 = seen in the photo, 255 = hidden there, 128 = beyond its frame. */
function kindsOf(photo: Picture, view: Picture, [tx, ty, tz]: Vector): Uint8Array {
  const { width, height, focal } = LENS;
  return Uint8Array.from(view.depth, (z, i) => {
    const px = (((i % width) + 0.5 - width / 2) * z) / focal + tx;
    const py = ((height / 2 - Math.floor(i / width) - 0.5) * z) / focal + ty;
    const pz = z - tz;
    const x = width / 2 + (focal * px) / pz - 0.5;
    const y = height / 2 - (focal * py) / pz - 0.5;
    if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return 128;
    let farthest = 0;
    for (let k = 0; k < 4; k++) {
      const u = Math.min(width - 1, Math.max(0, Math.floor(x) + (k & 1)));
      const v = Math.min(height - 1, Math.max(0, Math.floor(y) + (k >> 1)));
      farthest = Math.max(farthest, photo.depth[v * width + u]!);
    }
    return pz > farthest * (1 + BEHIND) ? 255 : 0;
  });
}
