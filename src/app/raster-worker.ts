/** The worker that draws where there is no graphics card: frames for files, and what is looked at. */
import { serveRaster } from '../raster/index.ts';

serveRaster();
