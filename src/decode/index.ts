/** Photo files → upright sRGB pixels: headers, orientation, colours, sizes. */
export { AreaScaler } from './area-scaler.ts';
export { decodeImage, decodePhoto, type DecodedPhoto, type DecodePhotoOptions } from './decode-photo.ts';
export { setHeicDecoder } from './heic/index.ts';
