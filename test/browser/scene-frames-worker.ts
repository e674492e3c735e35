/** A worker that draws, for scene-frames.test.ts. */
import { serveRaster } from '../../src/raster/index.ts';

serveRaster();
