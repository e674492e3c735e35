/** Depth as it comes in practice, made from exact depth: what models and files do to it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-web/wasm';
import type { DepthMap, InferResult, ModelRow, Raster } from '../../src/core/index.ts';
import { loadCatalogue, toTensor } from '../../src/inference/index.ts';
import depthMidas from '../../plugins/depth-midas/index.ts';
import { testContext, photoOf } from '../fixtures/plugin-context.ts';
import { gaussian, inLevels, seeded } from './scene.ts';

/**
 * blurred: shrunk to 256 samples on the longer side by area and enlarged bicubically; rough: the same, blurred by a 3×3 box, with 1 %
 * of Gaussian noise and a smooth distortion of up to 5 % of the value; levels: 16 grey levels; model: what a real model says,
 * fitted to the truth by one scale and one shift.
 */
export const KINDS = ['blurred', 'rough', 'levels', 'model'] as const;
export type Kind = (typeof KINDS)[number];

const SMALL = 256;
const NOISE = 0.01;
const DISTORTION = 0.05;
const LEVELS = 16;
/** Knots of the distortion, along and across. */
const KNOTS = 4;

/** @param truth disparities 0..1. @returns a map of that size, 0..1. */
export function degrade(truth: DepthMap, kind: Exclude<Kind, 'model'>): DepthMap {
  const { width, height } = truth;
  if (kind === 'levels') return { width, height, disparity: truth.disparity.map((d) => inLevels(d, LEVELS)) };
  const scale = SMALL / Math.max(width, height);
  const blurred = enlarge(shrink(truth, Math.round(width * scale), Math.round(height * scale)), width, height);
  if (kind === 'rough') roughen(blurred);
  return { width, height, disparity: blurred.disparity.map((d) => Math.min(1, Math.max(0, d))) };
}

/** @param model file of TCMonoDepth small, a row of the catalogue. @returns its depth of the photo, enlarged as the app does. */
export async function depthByModel(photo: Raster, truth: DepthMap, path: string): Promise<DepthMap> {
  const model = (await loadCatalogue()).find(({ id }) => id === 'tcmonodepth-small');
  if (!model) throw new Error('The catalogue has lost its row of TCMonoDepth small.');
  // The runtime takes Node's own modules by this name, which a loader hides from it.
  globalThis.require ??= createRequire(import.meta.url);
  const ort: typeof Ort = await import('onnxruntime-web/wasm');
  const session = await ort.InferenceSession.create(readFileSync(path));
  const context = testContext(undefined, ({ image }) => run(ort, session, image, model));
  const { depth } = await depthMidas.estimate(
    {
      photo: photoOf(photo),
      file: { name: 'photo', bytes: new Uint8Array() },
      model,
      options: { mirror: false, edges: false, flip: false },
    },
    context,
  );
  await session.release();
  return fitted(depth, truth);
}

async function run(ort: typeof Ort, session: Ort.InferenceSession, image: Raster, model: ModelRow): Promise<InferResult> {
  const { tensor, width, height } = toTensor(image, model.input);
  const feed = new ort.Tensor('float32', tensor.data as Float32Array, [...tensor.dims]);
  const answer = (await session.run({ [session.inputNames[0]!]: feed }))[session.outputNames[0]!]!;
  const output = { type: 'float32' as const, dims: answer.dims, data: answer.data as Float32Array };
  return { output, outputs: {}, width, height, provider: 'wasm', threads: 1, sessionMs: 0, runMs: 0, warnings: [] };
}

/** Least squares over all pixels. */
function fitted({ width, height, disparity }: DepthMap, truth: DepthMap): DepthMap {
  let s = 0,
    t = 0,
    ss = 0,
    st = 0;
  for (let i = 0; i < disparity.length; i++) {
    const a = disparity[i]!;
    const b = truth.disparity[i]!;
    s += a;
    t += b;
    ss += a * a;
    st += a * b;
  }
  const n = disparity.length;
  const scale = (n * st - s * t) / (n * ss - s * s);
  const shift = (t - scale * s) / n;
  return { width, height, disparity: disparity.map((d) => Math.min(1, Math.max(0, scale * d + shift))) };
}

function roughen({ width, height, disparity }: DepthMap): void {
  const random = seeded(5);
  const normal = () => gaussian(random);
  const knots = { width: KNOTS, height: KNOTS, disparity: Float32Array.from({ length: KNOTS * KNOTS }, normal) };
  const wave = enlarge(knots, width, height).disparity;
  let peak = 0;
  for (const value of wave) peak = Math.max(peak, Math.abs(value));
  const from = disparity.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let v = -1; v <= 1; v++) for (let u = -1; u <= 1; u++) sum += from[inside(y + v, height) * width + inside(x + u, width)]!;
      const i = y * width + x;
      disparity[i] = (sum / 9 + NOISE * normal()) * (1 + (DISTORTION * wave[i]!) / peak);
    }
  }
}

/** Exact area means. */
function shrink({ width, height, disparity }: DepthMap, w: number, h: number): DepthMap {
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      let weight = 0;
      for (let v = Math.floor((y * height) / h); v < ((y + 1) * height) / h; v++) {
        const down = Math.min(v + 1, ((y + 1) * height) / h) - Math.max(v, (y * height) / h);
        for (let u = Math.floor((x * width) / w); u < ((x + 1) * width) / w; u++) {
          const part = down * (Math.min(u + 1, ((x + 1) * width) / w) - Math.max(u, (x * width) / w));
          sum += part * disparity[v * width + u]!;
          weight += part;
        }
      }
      out[y * w + x] = sum / weight;
    }
  }
  return { width: w, height: h, disparity: out };
}

/** Bicubic by Catmull and Rom. */
function enlarge({ width, height, disparity }: DepthMap, w: number, h: number): DepthMap {
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const fy = ((y + 0.5) * height) / h - 0.5;
    for (let x = 0; x < w; x++) {
      const fx = ((x + 0.5) * width) / w - 0.5;
      let sum = 0;
      for (let v = -1; v <= 2; v++) {
        const row = inside(Math.floor(fy) + v, height) * width;
        for (let u = -1; u <= 2; u++)
          sum += cubic(fy - Math.floor(fy) - v) * cubic(fx - Math.floor(fx) - u) * disparity[row + inside(Math.floor(fx) + u, width)]!;
      }
      out[y * w + x] = sum;
    }
  }
  return { width: w, height: h, disparity: out };
}

function cubic(t: number): number {
  const x = Math.abs(t);
  return x < 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}

function inside(k: number, length: number): number {
  return Math.min(length - 1, Math.max(0, k));
}

/** Where the real model lies beside the rendered scenes. */
export function modelFile(scenes: string): string {
  return join(scenes, '../models/tcmonodepth_tcsmallnet_192x320.onnx');
}
