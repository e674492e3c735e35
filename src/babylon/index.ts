/** `unflat/babylon`: 3D photos in other people's Babylon scenes. */
import { registerGLTFExtension } from '@babylonjs/loaders/glTF/2.0/glTFLoaderExtensionRegistry.js';
import { EXTENSION } from '../scene-file/index.ts';
import { LoadLayeredPhoto } from './load-layered-photo.ts';

let isRegistered = false;

/**
 * Teaches Babylon's glTF loader 3D photos: from then on `ImportMeshAsync('photo.glb', scene)` and its like give the layered photo, with
 * soft outlines and hidden parts, as a node among the scene's others. Other glTF files load as before. Calling it again changes nothing.
 * Needs WebGL2; on other engines the photo's plain meshes are loaded.
 */
export function registerUnflat(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerGLTFExtension(EXTENSION, true, (loader) => new LoadLayeredPhoto(loader));
}
