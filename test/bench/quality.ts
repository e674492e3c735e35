/** New views of the rendered scenes, by the command line as a person would use it, against the truth. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decode } from 'fast-png';
import type { Raster } from '../../src/core/index.ts';
import { root } from '../../src/cli/prepare.mjs';
import { psnr, score, type Sums } from './score.ts';

const REGIONS = ['dis', 'vis', 'in', 'out'] as const;
type Region = (typeof REGIONS)[number];

interface View {
  file: string;
  mask: string;
}

/** @param folder with a folder a scene, see its README; does nothing where it is absent. */
export function benchQuality(folder: string): void {
  if (!existsSync(join(folder, 'floor.json'))) {
    console.log('\nQuality against truth: left out, the rendered scenes are not here.');
    return;
  }
  const floors = JSON.parse(readFileSync(join(folder, 'floor.json'), 'utf8')) as Record<string, Record<Region, [number, number]>>;
  const scenes = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'camera.json')));
  console.log('\nQuality against truth: PSNR / SSIM (floor); dis = hidden in the photo, vis = seen in it, out = beyond its frame');
  const means: Record<Region, [number, number]> = { dis: [0, 0], vis: [0, 0], in: [0, 0], out: [0, 0] };
  for (const scene of scenes) {
    const sums = scoreScene(join(folder, scene));
    const cells = REGIONS.map((region) => {
      const value = [psnr(sums[region]), sums[region].ssim / sums[region].pixels] as const;
      means[region][0] += value[0] / scenes.length;
      means[region][1] += value[1] / scenes.length;
      const floor = floors[scene]?.[region];
      return `${region} ${value[0].toFixed(2)} / ${value[1].toFixed(3)}${floor ? ` (${floor[0].toFixed(2)} / ${floor[1].toFixed(3)})` : ''}`;
    });
    console.log(`${scene.padEnd(12)} ${cells.join('   ')}`);
  }
  console.log(`${'mean'.padEnd(12)} ${REGIONS.map((r) => `${r} ${means[r][0].toFixed(2)} / ${means[r][1].toFixed(3)}`).join('   ')}`);
}

function scoreScene(folder: string): Record<Region, Sums> {
  const out = mkdtempSync(join(tmpdir(), 'unflat-bench-'));
  try {
    execFileSync(process.execPath, [
      join(root, 'src/cli/unflat.mjs'), join(folder, 'photo.png'), '--depth', join(folder, 'disparity.png'),
      '--cameras', join(folder, 'camera.json'), '--outputs', 'none', '--out', out,
    ], { stdio: ['ignore', 'ignore', 'ignore'] });
    const { views } = JSON.parse(readFileSync(join(folder, 'camera.json'), 'utf8')) as { views: View[] };
    const total = Object.fromEntries(REGIONS.map((r) => [r, { squared: 0, ssim: 0, pixels: 0 }])) as Record<Region, Sums>;
    for (const view of views) {
      const mask = decode(readFileSync(join(folder, view.mask)));
      const kind = (i: number) => sample(mask, i);
      const sums = score(picture(join(folder, view.file)), picture(join(out, 'photo_views', basename(view.file))), {
        dis: (i) => kind(i) === 255, vis: (i) => kind(i) === 0, in: (i) => kind(i) !== 128, out: (i) => kind(i) === 128,
      });
      for (const region of REGIONS) {
        total[region].squared += sums[region]!.squared;
        total[region].ssim += sums[region]!.ssim;
        total[region].pixels += sums[region]!.pixels;
      }
    }
    return total;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A grey value 0..255; small pictures of two values come with 1 bit a pixel, several in a byte, each row anew. */
function sample({ width, channels, depth, data }: ReturnType<typeof decode>, i: number): number {
  if (depth >= 8) return data[i * channels]!;
  const x = i % width;
  const bytesARow = Math.ceil((width * depth) / 8);
  const byte = data[((i - x) / width) * bytesARow + ((x * depth) >> 3)]!;
  const most = 2 ** depth - 1;
  return (((byte >> (8 - depth - ((x * depth) & 7))) & most) * 255) / most;
}

function picture(path: string): Raster {
  const { width, height, channels, data } = decode(readFileSync(path));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 4; c++) rgba[i * 4 + c] = c < 3 ? data[i * channels + Math.min(c, channels - 1)]! : 255;
  return { width, height, rgba };
}
