/** The worker that draws frames where a program stands in for the graphics card. */
import { serveRaster } from '../raster/index.ts';

serveRaster();
