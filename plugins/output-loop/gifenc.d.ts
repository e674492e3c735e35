/** The part of gifenc that is used; it comes without types. By this path Node and bundlers load the same module. */
declare module 'gifenc/dist/gifenc.esm.js' {
  /** Colours that suit pixels: red, green, blue, 0..255. */
  export function quantize(rgba: Uint8Array | Uint8ClampedArray, maxColors: number, options?: { format?: 'rgb565' | 'rgb444' }): number[][];
  export function GIFEncoder(): {
    /** The first frame's palette is the file's; others bring their own or use that. @param options.delay in milliseconds. */
    writeFrame(index: Uint8Array, width: number, height: number, options: { palette?: number[][]; delay?: number; repeat?: number }): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
    stream: { writeBytes(bytes: Uint8Array): void };
  };
}
