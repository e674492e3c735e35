export { applyFill, buildHoles, grow, mesh, sharpen, tear } from './heart.ts';
export type { GrownLayers, GrowOptions, LayerHoles, SettledDepth, SharpenOptions } from './heart.ts';
