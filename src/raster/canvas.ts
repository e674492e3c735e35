/** A picture under way. */
export interface Canvas {
  /** Size in samples. */
  width: number;
  height: number;
  /** Samples a pixel of the picture along each axis. */
  samples: number;
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

/** Samples that are covered in part, to be blended once all that is opaque is there. */
export class Fragments {
  count = 0;
  at = new Int32Array(1 << 14);
  depth = new Float32Array(1 << 14);
  /** Straight colour, coverage in the highest byte. */
  colours = new Uint32Array(1 << 14);

  /** Makes room for so many more. */
  reserve(more: number): void {
    if (this.count + more <= this.at.length) return;
    const length = 2 * (this.count + more);
    const grown = <T extends Int32Array | Float32Array | Uint32Array>(to: T, from: T): T => (to.set(from), to);
    this.at = grown(new Int32Array(length), this.at);
    this.depth = grown(new Float32Array(length), this.depth);
    this.colours = grown(new Uint32Array(length), this.colours);
  }

  /** Blends those from `first` on over the picture, in the order they came, where nothing nearer lies. */
  blend(first: number, { depth, pixels }: Canvas): void {
    const { at, depth: nearness, colours, count } = this;
    for (let f = first; f < count; f++) {
      const i = at[f]!;
      if (nearness[f]! > depth[i]!) pixels[i] = mix(pixels[i]!, colours[f]!, (colours[f]! >>> 24) + 1);
    }
  }
}

/** `a` with `part` of 256 of `b`, opaque. */
export function mix(a: number, b: number, part: number): number {
  const rest = 256 - part;
  const redBlue = (Math.imul(a & 0xff00ff, rest) + Math.imul(b & 0xff00ff, part) + 0x800080) >>> 8;
  const green = (Math.imul((a >>> 8) & 0xff, rest) + Math.imul((b >>> 8) & 0xff, part) + 0x80) & 0xff00;
  return (redBlue & 0xff00ff) | green | 0xff000000;
}

/** Bilinear colour, opaque. @param s, t place in texels times 65536, 0 = the first texel's centre; all four around must exist. */
export function bilinear(texels: Uint32Array, stride: number, s: number, t: number): number {
  const i = (t >> 16) * stride + (s >> 16);
  const a = texels[i]!;
  const b = texels[i + 1]!;
  const c = texels[i + stride]!;
  const d = texels[i + stride + 1]!;
  const x = (s >> 8) & 255;
  const y = (t >> 8) & 255;
  const wd = (x * y + 128) >> 8;
  const wb = x - wd;
  const wc = y - wd;
  const wa = 256 - x - wc;
  // Red and blue together, 16 bits each: products and sums of bytes times 256 fit.
  const redBlue =
    Math.imul(a & 0xff00ff, wa) + Math.imul(b & 0xff00ff, wb) + Math.imul(c & 0xff00ff, wc) + Math.imul(d & 0xff00ff, wd) + 0x800080;
  const green =
    Math.imul((a >>> 8) & 0xff, wa) + Math.imul((b >>> 8) & 0xff, wb) + Math.imul((c >>> 8) & 0xff, wc) + Math.imul((d >>> 8) & 0xff, wd);
  return ((redBlue >>> 8) & 0xff00ff) | ((green + 128) & 0xff00) | 0xff000000;
}
