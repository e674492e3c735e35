export { grow, mesh, sharpen, tear } from './heart.ts';
export type { GrowOptions } from './heart.ts';
export { applyFill } from './holes/apply-fill.ts';
export { buildHoles } from './holes/build-holes.ts';
export type { GrownLayers, LayerHoles } from './holes/grown-layers.ts';
export type { SettledDepth, SharpenOptions } from './refine/refine-depth.ts';
