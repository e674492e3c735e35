export { applyFill, buildHoles, grow, mesh, sharpen, tear } from './heart.ts';
export type { GrownLayers, GrowOptions, LayerHoles, SharpenOptions } from './heart.ts';
