/** A scene as one file, and back. */
export { decodeTexture } from './decode-texture.ts';
export { isGlb } from './read-glb.ts';
export { readScene, type DecodeTexture } from './read-scene.ts';
export { SCENE_FILE_DEFAULTS, writeScene, type SceneFileOptions } from './write-scene.ts';
