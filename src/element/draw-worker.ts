/** The program `unflat-draw.js` beside the element's file: draws where there is no graphics card. Elements load it when they need it. */
import { serveRaster } from '../raster/index.ts';

serveRaster();
