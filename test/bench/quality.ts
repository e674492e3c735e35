/** New views of the rendered scenes, by the command line as a person would use it, against the truth. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decode } from 'fast-png';
import type { DepthMap } from '../../src/core/index.ts';
import { root } from '../../src/cli/prepare.mjs';
import { npyFile } from '../fixtures/depth-files.ts';
import { KINDS, degrade, depthByModel, modelFile, type Kind } from './real-depth.ts';
import { picture, sample } from './read-picture.ts';
import { psnr, score, type Sums } from './score.ts';
import { figure } from './figures.ts';

const REGIONS = ['dis', 'vis', 'in', 'out'] as const;
type Region = (typeof REGIONS)[number];

interface View {
  file: string;
  mask: string;
}

type Means = Record<Region, [number, number]>;

/** @param folder with a folder a scene, see its README; does nothing where it is absent. */
export function benchQuality(folder: string): void {
  if (isMissing(folder)) return;
  console.log('\nQuality against truth: PSNR / SSIM (floor); dis = hidden in the photo, vis = seen in it, out = beyond its frame');
  const means = scoreScenes(folder, (scene) => join(scene, 'disparity.png'));
  for (const region of REGIONS) figure(`${region} ${means[region][0].toFixed(2)} dB / ${means[region][1].toFixed(3)}`);
}

/** The same with depth as it comes in practice, and what that costs against exact depth. */
export async function benchRealDepth(folder: string): Promise<void> {
  if (isMissing(folder)) return;
  const work = mkdtempSync(join(tmpdir(), 'unflat-depth-'));
  try {
    console.log('\nQuality with exact depth');
    const best = scoreScenes(folder, (scene) => join(scene, 'disparity.png'));
    for (const kind of KINDS) {
      if (kind === 'model' && !existsSync(modelFile(folder))) {
        console.log('\nDepth by a model: left out, the model is not here.');
        continue;
      }
      for (const scene of scenesIn(folder)) {
        const { width, height, disparity } = await realDepth(join(folder, scene), kind, modelFile(folder));
        writeFileSync(join(work, `${scene}-${kind}.npy`), npyFile(disparity, 'f4', [height, width]));
      }
      console.log(`\nQuality with depth that is ${DESCRIPTION[kind]}`);
      const means = scoreScenes(folder, (scene) => join(work, `${basename(scene)}-${kind}.npy`));
      figure(`${kind}: visible −${(best.vis[0] - means.vis[0]).toFixed(2)} dB, holes −${(best.dis[0] - means.dis[0]).toFixed(2)} dB`);
      console.log(
        `loss against exact depth: visible ${(best.vis[0] - means.vis[0]).toFixed(2)} dB, holes ${(best.dis[0] - means.dis[0]).toFixed(2)} dB`,
      );
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const DESCRIPTION: Record<Kind, string> = {
  blurred: 'blurred (256 samples on the longer side)',
  rough: 'blurred, noisy and distorted',
  levels: 'of 16 grey levels',
  model: 'by a real model',
};

async function realDepth(scene: string, kind: Kind, model: string): Promise<DepthMap> {
  const { width, height, data, channels } = decode(readFileSync(join(scene, 'disparity.png')));
  const truth = { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => data[i * channels]! / 65535) };
  return kind === 'model' ? depthByModel(picture(join(scene, 'photo.png')), truth, model) : degrade(truth, kind);
}

function isMissing(folder: string): boolean {
  if (existsSync(join(folder, 'floor.json'))) return false;
  console.log('\nQuality against truth: left out, the rendered scenes are not here.');
  return true;
}

function scenesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'camera.json')));
}

function scoreScenes(folder: string, depthOf: (scene: string) => string): Means {
  const floors = JSON.parse(readFileSync(join(folder, 'floor.json'), 'utf8')) as Record<string, Record<Region, [number, number]>>;
  const scenes = scenesIn(folder);
  const means: Means = { dis: [0, 0], vis: [0, 0], in: [0, 0], out: [0, 0] };
  for (const scene of scenes) {
    const sums = scoreScene(join(folder, scene), depthOf(join(folder, scene)));
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
  return means;
}

function scoreScene(folder: string, depth: string): Record<Region, Sums> {
  const out = mkdtempSync(join(tmpdir(), 'unflat-bench-'));
  try {
    execFileSync(
      process.execPath,
      [
        join(root, 'src/cli/unflat.mjs'),
        join(folder, 'photo.png'),
        '--depth',
        depth,
        '--cameras',
        join(folder, 'camera.json'),
        '--outputs',
        'none',
        '--out',
        out,
      ],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    );
    const { views } = JSON.parse(readFileSync(join(folder, 'camera.json'), 'utf8')) as { views: View[] };
    const total = Object.fromEntries(REGIONS.map((r) => [r, { squared: 0, ssim: 0, pixels: 0 }])) as Record<Region, Sums>;
    for (const view of views) {
      const mask = decode(readFileSync(join(folder, view.mask)));
      const kind = (i: number) => sample(mask, i);
      const sums = score(picture(join(folder, view.file)), picture(join(out, 'photo_views', basename(view.file))), {
        dis: (i) => kind(i) === 255,
        vis: (i) => kind(i) === 0,
        in: (i) => kind(i) !== 128,
        out: (i) => kind(i) === 128,
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
