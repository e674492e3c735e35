/** A plane of 16-bit values in a larger array. */
export interface SamplePlane {
  values: Uint16Array;
  /** Place of its first value, and steps to the next value of a row and to the next row. */
  start: number;
  step: number;
  rowStep: number;
  width: number;
  height: number;
}

/** Joins a mean and a difference of two values; few values leave room for signs, many wrap around. */
type Join = (values: Uint16Array, mean: number, difference: number) => void;

const joinFew: Join = (values, mean, difference) => {
  const half = (values[difference]! << 16) >> 16;
  const first = ((values[mean]! << 16) >> 16) + (half & 1) + (half >> 1);
  values[mean] = first;
  values[difference] = first - half;
};

const joinMany: Join = (values, mean, difference) => {
  const whole = values[difference]!;
  const second = (values[mean]! - (whole >> 1)) & 0xffff;
  values[mean] = whole + second - 0x8000;
  values[difference] = second;
};

/** Undoes the two-dimensional Haar wavelets of OpenEXR's PIZ, in place. @param largest of all values. */
export function undoWavelets({ values, start, step, rowStep, width, height }: SamplePlane, largest: number): void {
  const join = largest < 1 << 14 ? joinFew : joinMany;
  let size = 1;
  while (2 * size <= Math.min(width, height)) size *= 2;
  for (let near = size >> 1; near >= 1; near >>= 1) {
    const far = 2 * near;
    for (let y = 0; y < height; y += far) {
      const hasBelow = y + far <= height;
      if (!hasBelow && !(height & near)) break;
      for (let x = 0; x < width; x += far) {
        const hasRight = x + far <= width;
        if (!hasRight && !(width & near)) break;
        const at = start + y * rowStep + x * step;
        const [right, below] = [at + near * step, at + near * rowStep];
        if (hasBelow && hasRight) {
          join(values, at, below);
          join(values, right, below + near * step);
          join(values, at, right);
          join(values, below, below + near * step);
        } else if (hasBelow) join(values, at, below);
        else if (hasRight) join(values, at, right);
      }
    }
  }
}
