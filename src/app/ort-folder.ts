/** onnxruntime-web's version, which the build fills in. */
declare const UNFLAT_ORT_VERSION: string;

/** Where its files lie beside the app; the version is in it, so that they may be kept for good. */
export const ORT_FOLDER = `./ort/${UNFLAT_ORT_VERSION}/`;
