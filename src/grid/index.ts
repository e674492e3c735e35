/** What every raster needs, once. Imports nothing. */
export { boxBlur } from './box-blur.ts';
export { doubled } from './doubled.ts';
export { halve, halvePhoto } from './halve.ts';
export { neighbour4 } from './neighbour4.ts';
export { linearSteps } from './linear-steps.ts';
export { median, quantile } from './quantile.ts';
export { resize } from './resize.ts';
export { resizeByArea } from './resize-by-area.ts';
export { rootOf, singletons } from './root-of.ts';
export { shrinkPhoto } from './shrink-photo.ts';
export { shrinkToPlanes } from './shrink-to-planes.ts';
export { windowAround } from './window-around.ts';
