export { FrameRenderer, type RenderOptions } from './frame-renderer.ts';
