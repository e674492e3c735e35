/** Speed of the heart and of the model-free inpainter, and how both stand rough depth maps. */
import outputPly from '../../plugins/output-ply/index.ts';
import { lensFor, type DepthMap, type Raster, type Scene } from '../../src/core/index.ts';
import { benchRoughMaps } from './rough-maps.ts';
import { benchScene, roughen } from './scene.ts';
import { applyInpainted, buildHoles, fill, grow, mesh, sharpen, tear } from '../helpers/heart.ts';

const SIZE = 960;
const ROUNDS = 12;
const STAGES = ['sharpen', 'tear', 'grow', 'mesh', 'fill'] as const;
type Times = Record<(typeof STAGES)[number], number>;

interface Run {
  times: Times;
  scene: Scene;
}

/** One photo through the heart; milliseconds of this process's CPU a stage. */
function runHeart(photo: Raster, map: DepthMap): Run {
  const lens = lensFor(photo.width, photo.height);
  const eyebox = { x: 0.02, y: 0.02, z: 0.06 };
  const options = { lens, eyebox };
  const times = {} as Times;
  const timed = <T>(stage: keyof Times, work: () => T): T => {
    const start = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(start);
    times[stage] = (user + system) / 1000;
    return result;
  };
  const depth = timed('sharpen', () => sharpen(map, photo, { smoothing: 1, exact: false }));
  const joins = timed('tear', () => tear(depth, photo, options));
  const grown = timed('grow', () => grow(photo, depth, joins, options));
  timed('fill', () => {
    for (let k = 0; k < grown.layers.length; k++) {
      const input = buildHoles(grown, k);
      if (input) applyInpainted(grown, k, fill(input));
    }
  });
  const meshes = timed('mesh', () => mesh(grown.layers, options));
  return { times, scene: { name: 'bench', width: photo.width, height: photo.height, lens, eyebox, depth, layers: grown.layers, meshes } };
}

const heartOf = (t: Times) => t.sharpen + t.tear + t.grow + t.mesh;

/**
 * Rounds take turns, so that a noisy machine disturbs all kinds alike; the best of each stage counts: warm, as engines compile in the first ones.
 * @param shared folder with scenes that are not in the repository.
 * @returns what stands for it in the table of figures.
 */
export async function benchHeart(shared: string): Promise<string> {
  const { photo, depth } = benchScene(SIZE, SIZE);
  const maps = {
    smooth: depth,
    noise: roughen(depth, photo, 'noise'),
    grey16: roughen(depth, photo, 'grey16'),
    brightness: roughen(depth, photo, 'brightness'),
  };
  const kinds = Object.keys(maps) as (keyof typeof maps)[];
  const best = {} as Record<keyof typeof maps, Times>;
  let scene: Scene | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of kinds) {
      const run = runHeart(photo, maps[kind]);
      if (kind === 'smooth') scene = run.scene;
      best[kind] ??= run.times;
      for (const stage of STAGES) best[kind][stage] = Math.min(best[kind][stage], run.times[stage]);
    }
  }
  console.log(`\nHeart, ${SIZE}×${SIZE}, CPU ms, best of ${ROUNDS} (bound 600; inpainting 6000 more; rough maps at most 1.2 times smooth)`);
  console.log(['map'.padEnd(12), ...STAGES.map((s) => s.padStart(8)), '   heart', '   ratio'].join(''));
  for (const kind of kinds) {
    const heart = heartOf(best[kind]);
    const ratio = heart / heartOf(best.smooth);
    console.log(
      [
        kind.padEnd(12),
        ...STAGES.map((s) => best[kind][s].toFixed(0).padStart(8)),
        heart.toFixed(0).padStart(8),
        ratio.toFixed(2).padStart(8),
      ].join(''),
    );
  }
  await benchFiles(scene!);
  benchRoughMaps(shared);
  const smooth = heartOf(best.smooth);
  const rough = kinds.slice(1).map((kind) => `${kind} ${(heartOf(best[kind]) / smooth).toFixed(2)} times`);
  return `${SIZE}×${SIZE}: ${smooth.toFixed(0)} ms of CPU, ${rough.join(', ')}, inpainting ${best.smooth.fill.toFixed(0)} ms`;
}

async function benchFiles(scene: Scene): Promise<void> {
  const triangles = scene.meshes.reduce((sum, m) => sum + m.indices.length / 3, 0);
  const bytes =
    scene.layers.reduce((sum, l) => sum + l.disparity.length * 8, 0) +
    scene.meshes.reduce((sum, m) => sum + m.vertices.byteLength + m.indices.byteLength, 0);
  const options = Object.fromEntries(outputPly.options.map((o) => [o.id, o.default]));
  const start = process.cpuUsage();
  const file = await outputPly.write(
    {
      product: 'ply',
      scene,
      options,
      frames: () => {
        throw new Error('a PLY needs no frames');
      },
    },
    {
      signal: new AbortController().signal,
      progress: () => {},
      warn: () => {},
      note: () => {},
      howToSet: () => '',
      decodeImage: () => Promise.reject(new Error('a PLY decodes nothing')),
      infer: () => Promise.reject(new Error('a PLY infers nothing')),
      estimateDepth: () => Promise.resolve(undefined),
    },
  );
  const { user, system } = process.cpuUsage(start);
  console.log(
    `\nViewing meshes: ${triangles} triangles (bound 150,000); layers ${scene.layers.length}; textures and buffers ${(bytes / 2 ** 20).toFixed(0)} MiB`,
  );
  console.log(`PLY: ${(file.blob.size / 1e6).toFixed(1)} MB (bound 60), ${((user + system) / 1000).toFixed(0)} ms CPU`);
}
