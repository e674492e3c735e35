import type { OrbitView } from './orbit-view.ts';
import type { Other3dFile } from './other-3d-file.ts';
import type { PrepareOptions, Prepared3d } from './read-3d-file.ts';

/** Shows 3D files that are no 3D photos of Unflat: meshes, point clouds and Gaussian splats, in a view that turns around them. */
export type { Facts } from './load-content.ts';
export { OTHER_3D_TYPES, findOther3dFile, type Other3dFile } from './other-3d-file.ts';
export { servePly } from './serve-ply.ts';
export { UP_AXES, type UpAxis } from './up-axis.ts';
export type { OrbitOptions, OrbitView } from './orbit-view.ts';
export type { PrepareOptions, Prepared3d } from './read-3d-file.ts';

/** As `read3dFile`, which is loaded with the first file. */
export async function prepare3d(file: Other3dFile, options: PrepareOptions): Promise<Prepared3d> {
  return (await import('./read-3d-file.ts')).read3dFile(file, options);
}

/** The class that shows them: Babylon and its loaders, which nobody else needs, come with the first file. */
export async function loadOrbitView(): Promise<typeof OrbitView> {
  return (await import('./orbit-view.ts')).OrbitView;
}
