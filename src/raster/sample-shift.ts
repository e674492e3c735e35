import type { SharpScale } from './sharp-texture.ts';

/**
 * Where a pixel's samples take their colour: all at its centre as long as the pixel is no larger than the layer's, as the photo's own
 * pixels are means over their area and another mean would blur; a larger one's samples spread out again.
 */
export class SampleShift {
  /** Texels of the sharp texture times 65536, s and t each: by column, and by row, of the sample in its pixel. */
  readonly right = new Int32Array(16);
  readonly down = new Int32Array(16);
  /** The picture shows the layer so small that a sample a pixel is not enough. */
  isSmall = false;
  /** One sample a pixel was asked for last: nothing shifts then. */
  #isOne = false;

  /** @param steps of u and v to the right and down, a sample. */
  set(steps: Float64Array, samples: number, scale: SharpScale): void {
    if (samples === 1 && this.#isOne) {
      this.isSmall = Math.max(steps[0]! ** 2 + steps[2]! ** 2, steps[1]! ** 2 + steps[3]! ** 2) > SMALL;
      return;
    }
    this.#isOne = samples === 1;
    const across = samples * samples * (steps[0]! * steps[0]! + steps[2]! * steps[2]!);
    const along = samples * samples * (steps[1]! * steps[1]! + steps[3]! * steps[3]!);
    this.isSmall = across > SMALL || along > SMALL;
    if (samples === 1) {
      this.right[0] = this.right[1] = this.down[0] = this.down[1] = 0;
      return;
    }
    // Of what lies between the sample and the centre.
    const keptAcross = 1 - Math.sqrt(Math.max(0, 1 - 1 / across));
    const keptAlong = 1 - Math.sqrt(Math.max(0, 1 - 1 / along));
    for (let n = 0; n < samples; n++) {
      const off = scale * 65536 * ((samples - 1) / 2 - n);
      this.right[2 * n] = off * keptAcross * steps[0]!;
      this.right[2 * n + 1] = off * keptAcross * steps[2]!;
      this.down[2 * n] = off * keptAlong * steps[1]!;
      this.down[2 * n + 1] = off * keptAlong * steps[3]!;
    }
  }
}

/** Square of the layer pixels a picture's pixel from which more samples change what is seen. */
const SMALL = 1.1 ** 2;
