/**
 * Flicker of the swing: pixels that show in one frame what neither the frame before nor the one after
 * shows anywhere near. Between two of its 240 frames nothing moves by more than two pixels, so what a
 * pixel shows must lie between the darkest and the lightest of the 5×5 pixels around it in the frame
 * before, and likewise after. What is outside of both, by more than TOLERANCE, has popped. Movement and
 * resampling explain neither. Moving edges are counted apart: there what lies behind comes into view.
 * A line one pixel wide still loses contrast where it comes to lie between pixels; what pops with exact
 * depth as well is counted beside it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { JOINED_DOWN, JOINED_RIGHT, inverseDepth, type Eyebox, type Lens, type Raster } from '../../src/core/index.ts';
import { placesOf } from '../../plugins/shared/moves/places-of.ts';
import { root } from '../../src/cli/prepare.mjs';
import { degrade } from './real-depth.ts';
import { figure } from './figures.ts';
import { picture } from './read-picture.ts';
import { readScene } from './read-scene.ts';
import { sharpen, tear } from '../helpers/heart.ts';

/** Levels of 255 by which a pixel may leave the range around it: rounding and the filter's overshoot. */
const TOLERANCE = 8;
/** Pixels by which anything moves between two frames, at most. */
const REACH = 2;
/** Pixels round a tear, wherever the camera puts it, that count as its moving edge. */
const BAND = 3;
const FRAMES = 240;

export interface Flicker {
  /** Pixels looked at, and those of them that popped: away from moving edges. */
  pixels: number;
  popped: number;
  /** Largest distance from the range around, in levels, away from moving edges. */
  worst: number;
  /** The same at moving edges. */
  edgePixels: number;
  edgePopped: number;
}

/** @param before, here, after three frames that follow one another. @param isEdge 1 = moving edge. */
export function flickerOf(before: Raster, here: Raster, after: Raster, isEdge: Uint8Array): Flicker {
  const { width, height } = here;
  const result = { pixels: 0, popped: 0, worst: 0, edgePixels: 0, edgePopped: 0 };
  for (let y = REACH; y + REACH < height; y++) {
    for (let x = REACH; x + REACH < width; x++) {
      const i = y * width + x;
      const off = Math.min(outside(before, here, i), outside(after, here, i));
      if (isEdge[i]) {
        result.edgePixels++;
        if (off > TOLERANCE) result.edgePopped++;
        continue;
      }
      result.pixels++;
      if (off > TOLERANCE) result.popped++;
      result.worst = Math.max(result.worst, off);
    }
  }
  return result;
}

/** By how many levels pixel `i` of `here` is outside the range of those around it in `other`. */
function outside(other: Raster, here: Raster, i: number): number {
  let most = 0;
  for (let c = 0; c < 3; c++) {
    let low = 255;
    let high = 0;
    for (let v = -REACH; v <= REACH; v++) {
      for (let u = -REACH; u <= REACH; u++) {
        const value = other.rgba[(i + v * other.width + u) * 4 + c]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const value = here.rgba[i * 4 + c]!;
    most = Math.max(most, low - value, value - high);
  }
  return most;
}

/** Where a camera at (x, y, z) sees both sides of the torn links, and BAND pixels around. */
export function movingEdges(
  map: { width: number; height: number; disparity: Float32Array },
  joins: Uint8Array,
  lens: Lens,
  place: { x: number; y: number; z: number },
): Uint8Array {
  const { width, height, disparity } = map;
  const longer = Math.max(width, height);
  const edge = new Uint8Array(width * height);
  const mark = (i: number, d: number): void => {
    const q = inverseDepth(lens, d);
    const w = 1 + place.z * q;
    const u = (((((i % width) + 0.5) / longer - lens.cx) / lens.fx - place.x * q) / w) * lens.fx + lens.cx;
    const v = ((((Math.floor(i / width) + 0.5) / longer - lens.cy) / lens.fy + place.y * q) / w) * lens.fy + lens.cy;
    const [px, py] = [Math.floor(u * longer), Math.floor(v * longer)];
    for (let y = Math.max(0, py - BAND); y <= Math.min(height - 1, py + BAND); y++) {
      for (let x = Math.max(0, px - BAND); x <= Math.min(width - 1, px + BAND); x++) edge[y * width + x] = 1;
    }
  };
  for (let i = 0; i < joins.length; i++) {
    const link = (j: number): void => {
      // Each pixel at both depths: the gap's two ends.
      for (const d of [disparity[i]!, disparity[j]!]) {
        mark(i, d);
        mark(j, d);
      }
    };
    if (!(joins[i]! & JOINED_RIGHT) && (i + 1) % width) link(i + 1);
    if (!(joins[i]! & JOINED_DOWN) && i + width < joins.length) link(i + width);
  }
  return edge;
}

/** @param folder with a folder a scene, as the quality bench has; does nothing where it is absent. @param every looks at three frames in so many. */
export function benchFlicker(folder: string, every = 20): void {
  const scenes = ['still_life', 'room', 'garden'].filter((name) => existsSync(join(folder, name, 'camera.json')));
  if (scenes.length === 0) {
    console.log('\nFlicker: left out, the rendered scenes are not here.');
    return;
  }
  console.log(`\nFlicker over the swing's ${FRAMES} frames, three in ${every}: pixels that popped per million`);
  for (const scene of scenes) {
    for (const kind of ['exact', 'rough'] as const) report(scene, kind, benchScene(join(folder, scene), every, kind));
  }
}

function report(scene: string, kind: string, { pixels, popped, worst, edgePixels, edgePopped }: Flicker): void {
  const perMillion = (count: number, of: number) => ((1e6 * count) / Math.max(1, of)).toFixed(1);
  figure(`${scene} ${kind} ${perMillion(popped, pixels)} / ${perMillion(edgePopped, edgePixels)} per million`);
  console.log(
    `${scene.padEnd(12)} ${kind} depth: away from moving edges ${perMillion(popped, pixels)} (worst ${worst} levels), at them ${perMillion(edgePopped, edgePixels)}; edges are ${((100 * edgePixels) / (pixels + edgePixels)).toFixed(0)} % of the picture`,
  );
}

function benchScene(folder: string, every: number, kind: 'exact' | 'rough'): Flicker {
  const out = mkdtempSync(join(tmpdir(), 'unflat-flicker-'));
  try {
    const { photo, depth: exact, lens, camera } = readScene(folder);
    const { width, height } = exact;
    const given = kind === 'exact' ? exact : degrade(exact, kind);
    const depth = Uint16Array.from(given.disparity, (d) => Math.round(65535 * d));
    writeFileSync(join(out, 'depth.png'), encode({ width, height, data: depth, channels: 1, depth: 16 }));
    const infinite: Eyebox = { x: Infinity, y: Infinity, z: Infinity };
    const places = placesOf('swing', { name: '', width, height, lens, eyebox: infinite, depth: given, layers: [], meshes: [] }, FRAMES, 1);
    const middles = Array.from({ length: Math.floor(FRAMES / every) }, (_, k) => k * every + 1);
    const name = (n: number): string => `${n}.png`;
    const views = middles
      .flatMap((n) => [n - 1, n, n + 1])
      .map((n) => {
        const { x, y, z } = places[n]!;
        return {
          file: name(n),
          name: name(n),
          width,
          height,
          fx: camera.fx,
          fy: camera.fy,
          cx: camera.cx,
          cy: camera.cy,
          c2w: [
            [1, 0, 0, x],
            [0, 1, 0, y],
            [0, 0, 1, z],
            [0, 0, 0, 1],
          ],
        };
      });
    writeFileSync(join(out, 'camera.json'), JSON.stringify({ ...camera, views }));
    execFileSync(
      process.execPath,
      [
        join(root, 'src/cli/unflat.mjs'),
        join(folder, 'photo.png'),
        '--depth',
        join(out, 'depth.png'),
        '--cameras',
        join(out, 'camera.json'),
        '--outputs',
        'none',
        '--out',
        out,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const eyebox = { x: most(places.map(({ x }) => x)), y: most(places.map(({ y }) => y)), z: most(places.map(({ z }) => z)) };
    const map = sharpen(given, photo, { smoothing: 1, exact: true });
    const joins = tear(map, photo, { lens, eyebox });
    const sum: Flicker = { pixels: 0, popped: 0, worst: 0, edgePixels: 0, edgePopped: 0 };
    for (const n of middles) {
      const [before, here, after] = [n - 1, n, n + 1].map((k) => picture(join(out, 'photo_views', name(k)))) as [Raster, Raster, Raster];
      const one = flickerOf(before, here, after, movingEdges(map, joins, lens, places[n]!));
      for (const key of ['pixels', 'popped', 'edgePixels', 'edgePopped'] as const) sum[key] += one[key];
      sum.worst = Math.max(sum.worst, one.worst);
    }
    return sum;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const most = (values: number[]): number => Math.max(...values.map(Math.abs));
