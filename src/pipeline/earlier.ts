import type { DepthMap, Layer, Scene } from '../core/index.ts';
import type { GrownLayers } from '../layers/index.ts';
import type { Makings, ResultStore } from '../store/index.ts';
import type { DepthedPhoto } from './depth-stage.ts';
import type { ConvertReport } from './types.ts';

/** Where a depth map came from, as reports say it. Plain data. */
export type DepthStory = Pick<DepthedPhoto, 'depthSource' | 'depthModel' | 'reading' | 'warnings' | 'notes' | 'lens'>;

/** All of a scene but its name and the colours of its hidden parts; inpainting those makes the scene. */
export interface GrownScene {
  /** Without name and inpainted layers. */
  scene: Omit<Scene, 'name' | 'layers'>;
  grown: GrownLayers;
  /** The depth map as a model gave it, to be kept beside results; absent where it is made again in no time. */
  raw?: DepthMap;
  story: DepthStory;
  original: Pick<ConvertReport, 'originalWidth' | 'originalHeight'>;
  /** The layers as an inpainter without a model left them on an earlier visit, and its id. */
  inpainted?: { plugin: string; layers: Layer[] };
}

/** What earlier visits made. Found by keys of all that decides it; see `layersKey` and `depthKey`. */
export interface Earlier {
  heart(key: string): Promise<GrownScene | undefined>;
  depth(key: string): Promise<(DepthStory & { depth: DepthMap }) | undefined>;
}

type About = Pick<GrownScene, 'story' | 'original'>;

/** Looks through the results that are kept. */
export function earlierIn(store: ResultStore): Earlier {
  return {
    async heart(key) {
      const found = await store.layers(key);
      if (!found) return undefined;
      const { name: _, layers, ...scene } = found.scene;
      const { inpaint } = currentReport(found.report);
      return {
        scene,
        grown: found.grown,
        ...(found.depth && { raw: found.depth }),
        ...(found.about as About),
        ...(!inpaint.model && { inpainted: { plugin: inpaint.plugin, layers } }),
      };
    },
    async depth(key) {
      const found = await store.depth(key);
      return found && { ...(found.about as About).story, depth: found.depth };
    },
  };
}

/** A report that was kept: one of before the rename says `fill` alone. The old name will be removed in 0.2. */
export function currentReport(kept: unknown): ConvertReport {
  const report = kept as Omit<ConvertReport, 'inpaint'> & Partial<ConvertReport>;
  // oxlint-disable-next-line typescript/no-deprecated -- the old key is read for a version.
  return { ...report, inpaint: (report.inpaint ?? report.fill)! };
}

/** What is kept beside a result. */
export function makingsOf(
  { grown, raw, story, original }: GrownScene,
  keys: Pick<Makings, 'photoHash' | 'layersKey' | 'depthKey'>,
): Makings {
  return { ...keys, grown: grown, ...(raw && { depth: raw }), about: { story, original } satisfies About };
}
