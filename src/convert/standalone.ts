/** `unflat/convert`: makes photos 3D and saves them as files, from a page's own script, without the element. */
export { convert, type ConvertOptions, type PhotoFile } from './convert.ts';
export { save, type SaveOptions } from './save.ts';
export { UnflatError } from '../core/index.ts';

// All that these speak of.
export type {
  Camera,
  DepthMap,
  Eyebox,
  Layer,
  Lens,
  Progress,
  Provider,
  Raster,
  Rect,
  Scene,
  SourceFile,
  Stage,
  UnflatErrorCode,
} from '../core/index.ts';
export type { ConvertReport, ConvertResult, ConvertSettings, DepthReport, InpaintReport, ModelRunReport } from '../pipeline/index.ts';
export type { DepthReading } from '../plugin-api/index.ts';
