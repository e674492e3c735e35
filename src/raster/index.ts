/** The software renderer: Scene + Camera → RGBA on typed arrays alone, in workers and in Node. The same picture as the shaders. */
export { blurredBackdrop } from './blurred-backdrop.ts';
export { SoftwareRenderer, type DrawOptions } from './software-renderer.ts';
export { FrameWorkers, type FrameWorkersOptions } from './frame-workers.ts';
export { DrawingWorkers, type Band, type OpenScene } from './drawing-workers.ts';
export { serveRaster, type RasterScope } from './serve-raster.ts';
export { prepareScene, type DrawnScene, type PreparedScene } from './prepare-scene.ts';
