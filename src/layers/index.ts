export { grow, mesh, sharpen, tear } from './heart.ts';
export type { GrowOptions } from './heart.ts';
export { applyInpainted } from './holes/apply-inpainted.ts';
export { buildHoles } from './holes/build-holes.ts';
export type { GrownLayers, LayerHoles } from './holes/grown-layers.ts';
export type { SettledDepth, SharpenOptions } from './refine/refine-depth.ts';
