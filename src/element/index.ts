import { UnflatPhoto } from './unflat-photo.ts';

// Two copies of the bundle on one page must not quarrel; a server that imports it has no such registry.
if (globalThis.customElements && !customElements.get('unflat-photo')) customElements.define('unflat-photo', UnflatPhoto);

export { UnflatPhoto, type LoadDetail, type UnflatPhotoEventMap } from './unflat-photo.ts';

// All that its properties and events speak of.
export type { Camera, DepthMap, Eyebox, Layer, Lens, Progress, Provider, Raster, Rect, Scene, SourceFile, Stage } from '../core/index.ts';
export type { ConvertReport, ConvertSettings, InpaintReport, ModelRunReport } from '../pipeline/index.ts';
export type { DepthReading } from '../plugin-api/index.ts';
export type { Fit, Look, Renderer } from '../viewer/index.ts';
export type { WorkerLike } from '../worker/index.ts';
export type { UnflatPhotoAttributes, UnflatPhotoListeners } from './jsx.d.ts';
