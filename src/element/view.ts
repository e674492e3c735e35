/** The small bundle for pages that show saved 3D photos alone, `src="photo.glb"`: no model, nothing is converted, no worker but those that draw where there is no graphics card. */
import { drawFrom } from './draw-from.ts';
import { UnflatPhoto } from './index.ts';
import { here } from './here.ts';

UnflatPhoto.createDrawer ??= () => drawFrom(new URL('./unflat-draw.js', here).href);

export * from './index.ts';
