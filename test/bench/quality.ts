/** New views of the rendered scenes, by the command line as a person would use it, against the truth. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decode } from 'fast-png';
import type { DepthMap, Raster } from '../../src/core/index.ts';
import { root } from '../../src/cli/prepare.mjs';
import { npyFile } from '../fixtures/depth-files.ts';
import { KINDS, degrade, depthByModel, modelFile, type Kind } from './real-depth.ts';
import { picture, sample } from './read-picture.ts';
import { psnr, score, type Sums } from './score.ts';
import { figure } from './figures.ts';
import { swd } from './swd.ts';

const REGIONS = ['dis', 'vis', 'in', 'out'] as const;
type Region = (typeof REGIONS)[number];

interface View {
  file: string;
  mask: string;
}

/** Parts that are filled in: of these it is told, too, whether their texture is of the right kind. */
const FILLED = { dis: 255, out: 128 } as const;
/** A view with fewer pixels of a part says nothing of its texture. */
const FEWEST_PIXELS = 500;

type Means = Record<Region, [number, number]>;
type Textures = Record<keyof typeof FILLED, { sum: number; pixels: number }>;

/** @param folder with a folder a scene: photo.png, disparity.png, camera.json, views; `floor.json` beside them, if there is one. Does nothing where it is absent. */
export function benchQuality(folder: string): void {
  if (isMissing(folder)) return;
  console.log(
    '\nQuality against truth: PSNR / SSIM (floor); dis = hidden in the photo, vis = seen in it, out = beyond its frame; swd = distance of patch statistics, lower is better',
  );
  const { means, swds } = scoreScenes(folder, (scene) => join(scene, 'disparity.png'));
  for (const region of REGIONS) figure(`${region} ${means[region][0].toFixed(2)} dB / ${means[region][1].toFixed(3)}`);
  figure(`swd dis ${swds.dis.toFixed(1)}, out ${swds.out.toFixed(1)}`);
}

/** The same with depth as it comes in practice, and what that costs against exact depth. */
export async function benchRealDepth(folder: string): Promise<void> {
  if (isMissing(folder)) return;
  const work = mkdtempSync(join(tmpdir(), 'unflat-depth-'));
  try {
    console.log('\nQuality with exact depth');
    const { means: best } = scoreScenes(folder, (scene) => join(scene, 'disparity.png'));
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
      const { means } = scoreScenes(folder, (scene) => join(work, `${basename(scene)}-${kind}.npy`));
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
  if (existsSync(folder) && scenesIn(folder).length > 0) return false;
  console.log(`\nQuality against truth: left out, there are no scenes in ${folder}. (npm run bench scenes FOLDER makes some.)`);
  return true;
}

function scenesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'camera.json')));
}

function scoreScenes(folder: string, depthOf: (scene: string) => string): { means: Means; swds: Record<keyof typeof FILLED, number> } {
  const floorFile = join(folder, 'floor.json');
  const floors = (existsSync(floorFile) ? JSON.parse(readFileSync(floorFile, 'utf8')) : {}) as Record<
    string,
    Record<Region, [number, number]>
  >;
  const scenes = scenesIn(folder);
  const swds = { dis: 0, out: 0 };
  const means: Means = { dis: [0, 0], vis: [0, 0], in: [0, 0], out: [0, 0] };
  for (const scene of scenes) {
    const { sums, textures } = scoreScene(join(folder, scene), depthOf(join(folder, scene)));
    const cells = REGIONS.map((region) => {
      const value = [psnr(sums[region]), sums[region].ssim / sums[region].pixels] as const;
      means[region][0] += value[0] / scenes.length;
      means[region][1] += value[1] / scenes.length;
      const floor = floors[scene]?.[region];
      return `${region} ${value[0].toFixed(2)} / ${value[1].toFixed(3)}${floor ? ` (${floor[0].toFixed(2)} / ${floor[1].toFixed(3)})` : ''}`;
    });
    const looks = (['dis', 'out'] as const).map((part) => {
      const value = textures[part].sum / Math.max(1, textures[part].pixels);
      swds[part] += value / scenes.length;
      return `${part} swd ${value.toFixed(1)}`;
    });
    console.log(`${scene.padEnd(12)} ${[...cells, ...looks].join('   ')}`);
  }
  console.log(
    `${'mean'.padEnd(12)} ${REGIONS.map((r) => `${r} ${means[r][0].toFixed(2)} / ${means[r][1].toFixed(3)}`).join('   ')}   dis swd ${swds.dis.toFixed(1)}   out swd ${swds.out.toFixed(1)}`,
  );
  return { means, swds };
}

function scoreScene(folder: string, depth: string): { sums: Record<Region, Sums>; textures: Textures } {
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
    const textures: Textures = { dis: { sum: 0, pixels: 0 }, out: { sum: 0, pixels: 0 } };
    for (const view of views) {
      const mask = decode(readFileSync(join(folder, view.mask)));
      const kind = (i: number) => sample(mask, i);
      const truth = picture(join(folder, view.file));
      const ours = picture(join(out, 'photo_views', basename(view.file)));
      const sums = score(truth, ours, {
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
      for (const part of ['dis', 'out'] as const) addTexture(textures[part], truth, ours, (i) => kind(i) === FILLED[part]);
    }
    return { sums: total, textures };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Only what was filled in counts: all else is laid in as it truly is. */
function addTexture(to: { sum: number; pixels: number }, truth: Raster, ours: Raster, isPart: (i: number) => boolean): void {
  const part = Uint8Array.from({ length: truth.width * truth.height }, (_, i) => (isPart(i) ? 1 : 0));
  const pixels = part.reduce((sum, value) => sum + value, 0);
  if (pixels < FEWEST_PIXELS) return;
  const rgba = truth.rgba.slice();
  for (let i = 0; i < part.length; i++) if (part[i]) rgba.set(ours.rgba.subarray(i * 4, i * 4 + 4), i * 4);
  to.sum += swd(truth, { ...truth, rgba }, part) * pixels;
  to.pixels += pixels;
}
