import type { ModelInfo } from '../core/index.ts';
import { strings } from './strings.ts';

/** What each of the recommended models is for, in two words; the first of each line that the catalogue has is offered. */
const RECOMMENDED: readonly { tag: string; gpu: readonly string[]; cpu: readonly string[] }[] = [
  {
    tag: strings.models.best,
    gpu: ['depth-anything-v2-small-fp16', 'depth-anything-v2-small'],
    cpu: ['depth-anything-v2-small-int8', 'depth-anything-v2-small-quantized', 'depth-anything-v2-small'],
  },
  { tag: strings.models.classic, gpu: ['midas-v21-small'], cpu: ['midas-v21-small'] },
  { tag: strings.models.fast, gpu: ['tcmonodepth-small'], cpu: ['tcmonodepth-small'] },
];

/** A model that is shown first, and why. */
export interface Recommended {
  tag: string;
  info: ModelInfo;
}

/** Models that inpaint hidden parts, in the order in which a person should meet them: those that are here, then by quality and speed. */
export function sortInpaintModels(list: readonly ModelInfo[]): readonly ModelInfo[] {
  const here = ({ state }: ModelInfo): number => (state === 'ready' ? 0 : 1);
  return list
    .filter(({ row }) => row.kind === 'inpaint')
    .sort((a, b) => here(a) - here(b) || b.row.quality - a.row.quality || b.row.speed - a.row.speed);
}

/** Depth models in the order in which a person should meet them. */
export interface SortedModels {
  recommended: readonly Recommended[];
  /** The person's own files. */
  own: readonly ModelInfo[];
  /** What comes with the app. */
  builtIn: readonly ModelInfo[];
  /** All others: those that are here first, then by quality. */
  more: readonly ModelInfo[];
}

/** @param gpu whether a real graphics card answers: half-precision files pay there, 8-bit ones on the processor. */
export function sortModels(list: readonly ModelInfo[], gpu: boolean): SortedModels {
  const depth = list.filter(({ row }) => row.kind === 'depth');
  const recommended = RECOMMENDED.flatMap(({ tag, ...ids }) => {
    const info = ids[gpu ? 'gpu' : 'cpu'].map((id) => depth.find(({ row }) => row.id === id)).find((each) => each !== undefined);
    return info ? [{ tag, info }] : [];
  });
  const others = depth.filter((info) => !recommended.some((each) => each.info === info));
  const here = ({ state }: ModelInfo): number => (state === 'ready' ? 0 : 1);
  return {
    recommended,
    own: others.filter(({ isOwn }) => isOwn),
    builtIn: others.filter(({ row }) => row.embedded),
    more: others
      .filter(({ isOwn, row }) => !isOwn && !row.embedded)
      .sort((a, b) => here(a) - here(b) || b.row.quality - a.row.quality || b.row.speed - a.row.speed),
  };
}
