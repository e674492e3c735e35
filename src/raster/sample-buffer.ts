/** A picture under way. */
export interface SampleBuffer {
  /** Size in samples. */
  width: number;
  height: number;
  /** Samples a pixel of the picture along each axis. */
  samples: number;
  /** Colours come by Catmull-Rom itself, not by what comes near: for stills, which have the time. */
  isExact: boolean;
  /** The nearness of what was drawn, −Infinity where nothing was. */
  depth: Float32Array;
  /** Its colour, alpha in the highest byte. */
  pixels: Uint32Array;
  /**
   * One sample a pixel: 1 is written where more are needed. More: where to draw; each pixel of the picture says how many pixels on
   * the same row stay out (above 0) or belong to it (below 0) from here.
   */
  open: Uint8Array | undefined;
  runs: Int16Array | undefined;
}
