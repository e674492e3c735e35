import type { Plugin } from 'unflat/plugin';
import depthMap from './depth-map/index.ts';
import depthMidas from './depth-midas/index.ts';
import inpaintClassic from './inpaint-classic/index.ts';
import { inTable } from './in-table.ts';

/** What lies inside the workers of the element and of `unflat/convert`: enough for any photo with the bundled depth model. */
export const bundled: Record<string, () => Promise<{ default: Plugin }>> = inTable(depthMap, depthMidas, inpaintClassic);
