/** Alpha 255 of a pixel read as one little-endian number. */
export const OPAQUE = 0xff000000;
