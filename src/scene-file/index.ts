/** A scene as one file, and back. */
export { decodeTexture } from './decode-texture.ts';
export { inPieces } from './deflate.ts';
export { encodeJpeg, type EncodedJpeg } from './jpeg/encode-jpeg.ts';
export { pictureSize } from './picture-size.ts';
export { isGlb, readGlb, type Glb } from './read-glb.ts';
export { EXTENSION } from './scene-json.ts';
export { readScene, type DecodeTexture } from './read-scene.ts';
export { writePoster } from './write-poster.ts';
export { SCENE_FILE_DEFAULTS, writeScene, type SceneFileOptions } from './write-scene.ts';
