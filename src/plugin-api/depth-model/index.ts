// oxlint-disable-next-line typescript/no-deprecated -- the old name is kept for a version.
export { defineDepthModel, defineDepthNetwork, type DepthModelPlugin } from './define-depth-model.ts';
