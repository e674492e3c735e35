/** Where the decoder for HEIC photos lies beside the app. It can be replaced by another build of libheif. */
export const HEIC_DECODER = new URL('./heic/libheif-bundle.mjs', import.meta.url).href;
