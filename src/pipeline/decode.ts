import type { Raster, SourceFile } from '../core/index.ts';
export async function decodeImage(_file: SourceFile, _signal: AbortSignal): Promise<Raster> { throw new Error(); }
