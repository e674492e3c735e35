import type { DepthMap, Layer, Scene } from '../core/index.ts';
import type { GrownLayers } from '../layers/index.ts';
import type { Makings, ResultStore } from '../store/index.ts';
import type { DepthedPhoto } from './depth-stage.ts';
import type { ConvertReport } from './types.ts';

/** Where a depth map came from, as reports say it. Plain data. */
export type DepthStory = Pick<DepthedPhoto, 'depthSource' | 'depthModel' | 'reading' | 'warnings' | 'notes' | 'lens'>;

/** All of a scene but its name and the colours of its hidden parts; painting those makes the scene. */
export interface UnfilledScene {
  /** Without name and painted layers. */
  scene: Omit<Scene, 'name' | 'layers'>;
  grown: GrownLayers;
  /** The depth map as a model gave it, to be kept beside results; absent where it is made again in no time. */
  raw?: DepthMap;
  story: DepthStory;
  original: Pick<ConvertReport, 'originalWidth' | 'originalHeight'>;
  /** The layers as an inpainter without a model left them on an earlier visit, and its id. */
  painted?: { plugin: string; layers: Layer[] };
}

/** What earlier visits made. Found by keys of all that decides it; see `layersKey` and `depthKey`. */
export interface Earlier {
  heart(key: string): Promise<UnfilledScene | undefined>;
  depth(key: string): Promise<(DepthStory & { depth: DepthMap }) | undefined>;
}

type About = Pick<UnfilledScene, 'story' | 'original'>;

/** Looks through the results that are kept. */
export function earlierIn(store: ResultStore): Earlier {
  return {
    async heart(key) {
      const found = await store.layers(key);
      if (!found) return undefined;
      const { name: _, layers, ...scene } = found.scene;
      const { fill } = found.report as ConvertReport;
      return {
        scene,
        grown: found.unpainted,
        ...(found.depth && { raw: found.depth }),
        ...(found.about as About),
        ...(!fill.model && { painted: { plugin: fill.plugin, layers } }),
      };
    },
    async depth(key) {
      const found = await store.depth(key);
      return found && { ...(found.about as About).story, depth: found.depth };
    },
  };
}

/** What is kept beside a result. */
export function makingsOf(
  { grown, raw, story, original }: UnfilledScene,
  keys: Pick<Makings, 'photoHash' | 'layersKey' | 'depthKey'>,
): Makings {
  return { ...keys, unpainted: grown, ...(raw && { depth: raw }), about: { story, original } satisfies About };
}
