export { FrameRenderer, type RenderOptions } from './frame-renderer.ts';
export { framingOf, lookCamera, type Framing, type Look } from './framing.ts';
export { noGraphics } from './gpu.ts';
export { gpuIsProgram } from './gpu-is-program.ts';
export { offersGraphics } from './offers-graphics.ts';
export { SceneFrames, type RendererKind } from './scene-frames.ts';
export type { Fit } from './canvas-size.ts';
export { tiltNeedsPermission } from './tilt.ts';
export { Viewer, type ViewerOptions } from './viewer.ts';
