import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { root } from '../../src/cli/prepare.mjs';
import { lensFor, type DepthMap, type Raster } from '../../src/core/index.ts';
import type { SharpenOptions } from '../../src/layers/index.ts';
import { resizeDepth } from '../../src/layers/refine/resize-depth.ts';
import { benchScene, gaussian, roughen, seeded } from '../bench/scene.ts';
import { foliageScene, gravelScene } from '../bench/textured-scenes.ts';
import { applyInpainted, buildHoles, grow, mesh, sharpen, tear } from '../helpers/heart.ts';

interface Photographed {
  photo: Raster;
  depth: DepthMap;
}

/** A photo and a depth map whose layers and meshes must stay the same to the bit. */
export interface HeartCase {
  name: string;
  /** Folder with the photo and its depth, where they are not made up. */
  folder?: string;
  scene(): Photographed;
  options?: Partial<SharpenOptions>;
}

/** Rendered scenes; they are not in the repository. */
const RENDERED = join(root, '../shared/gt');

/** A map that a model saw at 1/`factor` of the size: means of squares. */
function shrunk({ width, height, disparity }: DepthMap, factor: number): DepthMap {
  const w = Math.floor(width / factor);
  const h = Math.floor(height / factor);
  const mean = (x: number, y: number) => {
    let sum = 0;
    for (let v = 0; v < factor; v++) for (let u = 0; u < factor; u++) sum += disparity[(y * factor + v) * width + x * factor + u]!;
    return sum / (factor * factor);
  };
  return { width: w, height: h, disparity: Float32Array.from({ length: w * h }, (_, i) => mean(i % w, Math.floor(i / w))) };
}

function noisy(map: DepthMap, amount: number): DepthMap {
  const random = seeded(11);
  return { ...map, disparity: map.disparity.map((d) => Math.min(1, Math.max(0, d + amount * gaussian(random)))) };
}

const rough = (scene: Photographed, kind: Parameters<typeof roughen>[2]): Photographed => ({
  ...scene,
  depth: roughen(scene.depth, scene.photo, kind),
});
const small = (scene: Photographed, factor: number): Photographed => ({ ...scene, depth: shrunk(scene.depth, factor) });

const madeUp: readonly HeartCase[] = [
  { name: 'clean', scene: () => benchScene(240, 180) },
  { name: 'clean, no smoothing', scene: () => benchScene(240, 180), options: { smoothing: 0 } },
  { name: '16 levels, half smoothing', scene: () => rough(benchScene(240, 180), 'grey16'), options: { smoothing: 0.5 } },
  { name: 'clean, strong smoothing', scene: () => benchScene(240, 180), options: { smoothing: 2 } },
  { name: 'clean, exact', scene: () => benchScene(240, 180), options: { exact: true } },
  { name: 'noise', scene: () => rough(benchScene(240, 180), 'noise') },
  { name: 'noise in a large photo', scene: () => rough(benchScene(640, 480), 'noise') },
  { name: '16 levels', scene: () => rough(benchScene(240, 180), 'grey16') },
  { name: 'brightness', scene: () => rough(benchScene(240, 180), 'brightness') },
  { name: 'half the size', scene: () => small(benchScene(320, 240), 2) },
  {
    name: 'half the size, noise',
    scene: () => ({ ...foliageScene(320, 240), depth: noisy(shrunk(foliageScene(320, 240).depth, 2), 0.03) }),
  },
  {
    name: 'two thirds of the size, noise',
    scene: () => ({ ...gravelScene(360, 360), depth: noisy(resizeDepth(gravelScene(360, 360).depth, 240, 240), 0.05) }),
  },
  { name: 'an eighth of the size', scene: () => small(benchScene(480, 360), 8) },
  { name: 'leaves', scene: () => foliageScene(240, 180) },
  { name: 'leaves, more triangles than there may be', scene: () => foliageScene(1200, 900), options: { smoothing: 0 } },
  { name: 'stony ground, an eighth of the size', scene: () => small(gravelScene(480, 360), 8) },
];

const rendered: readonly HeartCase[] = ['still_life', 'garden', 'room', 'toys', 'columns'].flatMap((scene) => {
  const folder = join(RENDERED, scene);
  return [
    { name: `${scene}, exact`, folder, scene: () => sceneIn(folder), options: { exact: true } },
    { name: `${scene}, a fifth of the size`, folder, scene: () => small(sceneIn(folder), 5) },
    { name: `${scene}, noise`, folder, scene: () => ({ ...sceneIn(folder), depth: noisy(sceneIn(folder).depth, 0.02) }) },
  ];
});

/** The one list: the test compares with it, `update-heart.ts` records it anew. */
export const heartCases: readonly HeartCase[] = [...madeUp, ...rendered];

/** Whether the files of a case are here. */
export function isHere({ folder }: HeartCase): boolean {
  return folder === undefined || existsSync(join(folder, 'photo.png'));
}

function sceneIn(folder: string): Photographed {
  const { width, height, channels, data } = decode(readFileSync(join(folder, 'photo.png')));
  const map = decode(readFileSync(join(folder, 'disparity.png')));
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + c]!;
  return {
    photo: { width, height, rgba },
    depth: { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => map.data[i * map.channels]! / 65535) },
  };
}

/** Hashes of what each stage makes of a case, in the stages' order: the first that differs is the one that changed. */
export type HeartHashes = Record<'input' | 'refined' | 'joins' | 'grown' | 'holes' | 'layers' | 'meshes', string>;

/** Takes a case through the heart. Hidden pixels get their first guess, darkened: a stand-in for any inpainter. */
export function heartHashes({ scene, options }: HeartCase): HeartHashes {
  const { photo, depth } = scene();
  const stageOptions = { lens: lensFor(photo.width, photo.height), eyebox: { x: 0.02, y: 0.02, z: 0.06 } };
  const refined = sharpen(depth, photo, { smoothing: 1, exact: false, ...options });
  const joins = tear(refined, photo, stageOptions);
  const grown = grow(photo, refined, joins, stageOptions);
  const before = grown.layers.flatMap((layer) => [layer.margin, layer.rgba, layer.disparity, layer.joins]);
  const holes: (ArrayBufferView | number)[] = [grown.sameSurface, grown.softPx ?? 0];
  const hashed = {
    input: hash([photo.rgba, depth.disparity]),
    refined: hash([refined.disparity, refined.blur ?? 0]),
    joins: hash([joins]),
    grown: hash(before),
  };
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (!input) continue;
    holes.push(input.rgba, input.hole, input.context, input.disparity);
    applyInpainted(
      grown,
      k,
      input.rgba.map((value) => value >> 1),
    );
  }
  const meshes = mesh(grown.layers, stageOptions);
  return {
    ...hashed,
    holes: hash(holes),
    layers: hash(grown.layers.flatMap((layer) => [layer.rgba, layer.disparity, layer.joins])),
    meshes: hash(meshes.flatMap(({ vertices, indices, softStart }) => [vertices, indices, softStart])),
  };
}

/**
 * What this machine's `Math` gives for functions whose last bit the language leaves open. Engines bring their own,
 * so all machines with the same Node agree; another Node, or another kind of processor, may not.
 */
export function arithmeticHash(): string {
  const at = Float64Array.from({ length: 4000 }, (_, k) => (k - 2000) / 173);
  const up = at.map((x) => Math.abs(x) + 1e-3);
  return hash([
    at.map(Math.exp),
    up.map(Math.log),
    at.map(Math.sin),
    at.map(Math.cos),
    up.map((x, k) => x ** at[k]!),
    up.map((x) => Math.hypot(x, 0.7)),
  ]);
}

function hash(parts: readonly (ArrayBufferView | number)[]): string {
  const sum = createHash('sha256');
  for (const part of parts)
    sum.update(typeof part === 'number' ? Float64Array.of(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return sum.digest('hex').slice(0, 16);
}
