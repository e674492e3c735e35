/** The small bundle for pages that show saved 3D photos alone, `src="photo.glb"`: no worker, no model, nothing is converted. */
export * from './index.ts';
