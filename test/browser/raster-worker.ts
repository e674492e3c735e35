/** A worker that draws, for scene-frames.test.ts and viewer.test.ts. */
import { serveRaster } from '../../src/raster/index.ts';

serveRaster();
