/**
 * Exact area means of a picture's first `planes` interleaved channels, as planes.
 * @param from `width × height × stride` values.
 * @param w,h at most `width`, `height`.
 */
export function shrinkToPlanes(
  from: Uint8ClampedArray | Float32Array,
  width: number,
  height: number,
  stride: number,
  planes: number,
  w: number,
  h: number,
  unit: number,
): Float32Array[] {
  const out = Array.from({ length: planes }, () => new Float32Array(w * h));
  const row = new Float32Array(w * planes);
  const { first, weights, count } = areaWeights(width, w);
  const down = areaWeights(height, h);
  for (let y = 0; y < h; y++) {
    for (let k = 0; k < down.count[y]!; k++) {
      const rowWeight = down.weights[y * down.stride + k]! * unit;
      let at = 0;
      for (let x = 0; x < w; x++) {
        const start = (down.first[y]! + k) * width + first[x]!;
        for (let c = 0; c < planes; c++) {
          let sum = 0;
          for (let j = 0, i = start * stride + c; j < count[x]!; j++, i += stride) sum += from[i]! * weights[x * areaStride(width, w) + j]!;
          row[at++]! += sum * rowWeight;
        }
      }
    }
    for (let x = 0; x < w; x++) for (let c = 0; c < planes; c++) out[c]![y * w + x] = row[x * planes + c]!;
    row.fill(0);
  }
  return out;
}

function areaStride(length: number, size: number): number {
  return Math.ceil(length / size) + 1;
}

/** For each of `size` samples: the source samples that it covers, and how much of it each is. */
function areaWeights(length: number, size: number): { first: Int32Array; count: Int32Array; weights: Float32Array; stride: number } {
  const stride = areaStride(length, size);
  const first = new Int32Array(size);
  const count = new Int32Array(size);
  const weights = new Float32Array(size * stride);
  for (let x = 0; x < size; x++) {
    const left = (x * length) / size;
    const right = ((x + 1) * length) / size;
    first[x] = Math.floor(left + 1e-6);
    count[x] = Math.min(length, Math.ceil(right - 1e-6)) - first[x]!;
    for (let j = 0; j < count[x]!; j++) {
      const i = first[x]! + j;
      weights[x * stride + j] = ((Math.min(right, i + 1) - Math.max(left, i)) * size) / length;
    }
  }
  return { first, count, weights, stride };
}
