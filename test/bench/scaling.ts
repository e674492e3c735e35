/** How the heart scales: the same scene at growing sizes must give the same layers, at the same cost a pixel. */
import { JOINED_DOWN, JOINED_RIGHT, lensFor, type DepthMap, type Raster } from '../../src/core/index.ts';
import { resize } from '../../src/grid/index.ts';
import { seeded } from './scene.ts';
import { figure } from './figures.ts';
import { grow, mesh, sharpen, tear } from '../helpers/heart.ts';

const SIZES = [480, 960, 1920, 3840];
const ASPECT = 0.75;
/** The colour of a pixel is the mean of so many squared samples. */
const SAMPLES = 3;

type Colour = readonly [number, number, number];
interface Shape {
  d: number;
  colour: Colour;
  /** Whether it covers a place; both from 0 to 1 along the longer side. */
  covers(x: number, y: number): boolean;
}

/** Shapes before a wall and a floor, nearest first, in units of the longer side: no size in pixels stands in it. */
function shapes(): Shape[] {
  const random = seeded(31);
  const tone = (): Colour => [60 + 180 * random(), 60 + 180 * random(), 60 + 180 * random()];
  const list: Shape[] = [];
  for (let k = 0; k < 12; k++) {
    const [cx, cy, r] = [random(), 0.2 + 0.5 * random(), 0.02 + 0.05 * random()];
    list.push({ d: 0.4 + 0.5 * random(), colour: tone(), covers: (x, y) => (x - cx) ** 2 + (y - cy) ** 2 < r * r });
  }
  for (let k = 0; k < 40; k++) {
    const [cx, cy, r, angle] = [0.05 + 0.3 * random(), 0.1 + 0.4 * random(), 0.012 + 0.015 * random(), Math.PI * random()];
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    list.push({
      d: 0.6 + 0.35 * random(),
      colour: tone(),
      covers: (x, y) => ((c * (x - cx) + s * (y - cy)) / r) ** 2 + ((c * (y - cy) - s * (x - cx)) / (0.4 * r)) ** 2 < 1,
    });
  }
  for (let k = 0; k < 4; k++) {
    const cx = 0.45 + 0.14 * k;
    list.push({ d: 0.5, colour: tone(), covers: (x, y) => Math.abs(x - cx) < 0.006 && y > 0.15 && y < 0.6 });
  }
  return list.sort((a, b) => b.d - a.d);
}

/** @param width of the photo in pixels; it is 4 : 3. */
export function scalingScene(width: number): { photo: Raster; depth: DepthMap } {
  const height = width * ASPECT;
  const list = shapes();
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const disparity = new Float32Array(width * height);
  const floorAt = (y: number) => (y > 0.4 ? 0.1 + 0.9 * (y - 0.4) : 0);
  const groundAt = (x: number, y: number): Colour => {
    const light = 30 * Math.sin(60 * x) * Math.sin(60 * y);
    return floorAt(y) > 0.12 ? [150 + light, 130 + light, 100 + light] : [170 + light, 90 + light, 70 + light];
  };
  // What covers no part of a row of blocks is not asked for its pixels.
  const block = width / 60;
  for (let by = 0; by < height; by += block) {
    for (let bx = 0; bx < width; bx += block) {
      const near = list.filter(({ covers }) => {
        for (let v = -1; v <= 17; v++)
          for (let u = -1; u <= 17; u++) if (covers((bx + (u * block) / 16) / width, (by + (v * block) / 16) / width)) return true;
        return false;
      });
      for (let y = by; y < by + block; y++) {
        for (let x = bx; x < bx + block; x++) {
          const i = y * width + x;
          let [r, g, b] = [0, 0, 0];
          for (let k = 0; k < SAMPLES ** 2; k++) {
            const px = (x + ((k % SAMPLES) + 0.5) / SAMPLES) / width;
            const py = (y + (Math.floor(k / SAMPLES) + 0.5) / SAMPLES) / width;
            const colour = near.find(({ covers }) => covers(px, py))?.colour ?? groundAt(px, py);
            r += colour[0];
            g += colour[1];
            b += colour[2];
          }
          rgba[i * 4] = r / SAMPLES ** 2;
          rgba[i * 4 + 1] = g / SAMPLES ** 2;
          rgba[i * 4 + 2] = b / SAMPLES ** 2;
          const [px, py] = [(x + 0.5) / width, (y + 0.5) / width];
          disparity[i] = near.find(({ covers }) => covers(px, py))?.d ?? Math.max(0.12, floorAt(py));
        }
      }
    }
  }
  return { photo: { width, height, rgba }, depth: { width, height, disparity } };
}

export interface Scaled {
  width: number;
  height: number;
  /** 1 = beside a tear. */
  torn: Uint8Array;
  layers: number;
  /** Hidden pixels as a share of the photo's. */
  hidden: number;
  triangles: number;
  /** Nanoseconds of CPU a pixel, by stage. */
  cost: { sharpen: number; tear: number; grow: number; mesh: number };
}

/**
 * @param mapWidth width of the map that the heart gets, in pixels; narrower than the photo, it is blurred when enlarged.
 * @param rounds the cheapest of so many counts.
 */
export function scaled(width: number, mapWidth = width, rounds = 1): Scaled {
  const { photo, depth } = scalingScene(width);
  const { height } = photo;
  const size = { width: mapWidth, height: mapWidth * ASPECT };
  const map: DepthMap = { ...size, disparity: resize(depth.disparity, depth, size) };
  const options = { lens: lensFor(width, height), eyebox: { x: 0.02, y: 0.02, z: 0.06 } };
  const cost = { sharpen: Infinity, tear: Infinity, grow: Infinity, mesh: Infinity };
  const timed = <T>(stage: keyof typeof cost, work: () => T): T => {
    const start = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(start);
    cost[stage] = Math.min(cost[stage], ((user + system) * 1000) / (width * height));
    return result;
  };
  for (let round = 1; ; round++) {
    const depth = timed('sharpen', () => sharpen(map, photo, { smoothing: 1, exact: false }));
    const joins = timed('tear', () => tear(depth, photo, options));
    const grown = timed('grow', () => grow(photo, depth, joins, options));
    const meshes = timed('mesh', () => mesh(grown.layers, options));
    if (round < rounds) continue;
    const torn = joins.map((bits, i) =>
      ((i + 1) % width !== 0 && !(bits & JOINED_RIGHT)) || (i + width < joins.length && !(bits & JOINED_DOWN)) ? 1 : 0,
    );
    const hidden = grown.holes.slice(1).reduce((sum, { count }) => sum + count, 0) / (width * height);
    return {
      width,
      height,
      torn,
      layers: grown.layers.length,
      hidden,
      triangles: meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
      cost,
    };
  }
}

/** Share of `one`'s torn pixels that have one of `other`'s within a pixel of the smaller picture. */
export function agreement(one: Scaled, other: Scaled): number {
  const small = Math.min(one.width, other.width);
  const rows = small * ASPECT;
  const near = new Uint8Array(small * rows);
  const place = ({ width }: Scaled, i: number) =>
    [Math.floor(((i % width) * small) / width), Math.floor((Math.floor(i / width) * small) / width)] as const;
  for (let i = 0; i < other.torn.length; i++) {
    if (!other.torn[i]) continue;
    const [x, y] = place(other, i);
    for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
      near.fill(1, v * small + Math.max(0, x - 1), v * small + Math.min(small, x + 2));
  }
  let all = 0;
  let found = 0;
  for (let i = 0; i < one.torn.length; i++) {
    if (!one.torn[i]) continue;
    const [x, y] = place(one, i);
    all++;
    found += near[y * small + x]!;
  }
  return found / Math.max(1, all);
}

/** Maps that photos come with, by the width of both in pixels. */
const MAPS: Record<string, { sizes: readonly number[]; width(size: number): number }> = {
  'as large as the photo': { sizes: SIZES, width: (size) => size },
  'a quarter of the photo': { sizes: SIZES.slice(0, 3), width: (size) => size / 4 },
  '240 pixels, as of a model': { sizes: SIZES.slice(0, 3), width: () => 240 },
};

/** Prints how the heart's results and cost go with the picture's size. */
export function benchScaling(): void {
  console.log(
    '\nThe same scene at growing sizes (bounds: silhouettes within a pixel of the smallest, as many layers, hidden area within 10 %, CPU a pixel at most 1.15 times)',
  );
  const row = (cells: readonly unknown[]) => console.log(cells.map((cell, k) => String(cell).padStart([12, 18, 15][k] ?? 10)).join(''));
  scaled(SIZES[1]!, SIZES[1], 3);
  for (const [name, { sizes, width }] of Object.entries(MAPS)) {
    console.log(`map: ${name}`);
    row([
      'longer side',
      'silhouettes kept',
      'and no others',
      'layers',
      'hidden',
      'triangles',
      'sharpen',
      'tear',
      'grow',
      'mesh',
      'ns a pixel',
    ]);
    let first: Scaled | undefined;
    let dearest = 0;
    for (const size of sizes) {
      const here = scaled(size, width(size), size > 1000 ? 2 : 8);
      first ??= here;
      const { sharpen: s, tear: t, grow: g, mesh: m } = here.cost;
      dearest = Math.max(dearest, totalOf(here) / totalOf(first));
      row([
        size,
        agreement(first, here).toFixed(4),
        agreement(here, first).toFixed(4),
        here.layers,
        `${(100 * here.hidden).toFixed(2)} %`,
        here.triangles,
        ...[s, t, g, m, s + t + g + m].map((ns) => ns.toFixed(0)),
      ]);
    }
    figure(`map ${name}: at most ${dearest.toFixed(2)} times the smallest's CPU a pixel`);
  }
}

/** Nanoseconds of CPU a pixel. */
const totalOf = ({ cost }: Scaled): number => Object.values(cost).reduce((sum, ns) => sum + ns, 0);
