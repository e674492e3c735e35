import { mixTexels } from './mix-texels.ts';
import type { SampleBuffer } from './sample-buffer.ts';

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

  /** Blends those from `first` on over the picture, the last first: they came from near to far. Only where nothing nearer lies. */
  blend(first: number, { depth, pixels }: SampleBuffer): void {
    const { at, depth: nearness, colours, count } = this;
    for (let f = count - 1; f >= first; f--) {
      const i = at[f]!;
      if (nearness[f]! > depth[i]!) pixels[i] = mixTexels(pixels[i]!, colours[f]!, (colours[f]! >>> 24) + 1);
    }
  }
}
