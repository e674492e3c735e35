import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';

/** Pixels of the whole connected surface that each pixel belongs to (0 where the layer has nothing). */
export function surfaceAreas(layer: Pick<Layer, 'width' | 'height' | 'joins' | 'disparity'>): Int32Array {
  const { width, height, joins, disparity } = layer;
  const parent = new Int32Array(width * height);
  const find = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  };
  const area = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const left = x > 0 && joins[i - 1]! & JOINED_RIGHT ? find(i - 1) : -1;
      const up = y > 0 && joins[i - width]! & JOINED_DOWN ? find(i - width) : -1;
      if (left >= 0 && up >= 0) {
        const root = Math.min(left, up);
        parent[Math.max(left, up)] = root;
        parent[i] = root;
      } else {
        parent[i] = left >= 0 ? left : up >= 0 ? up : i;
      }
    }
  }
  for (let i = 0; i < parent.length; i++) if (disparity[i] !== NOTHING) area[find(i)]!++;
  // Roots come before their members, so one pass can overwrite in place from the end.
  for (let i = parent.length - 1; i >= 0; i--) area[i] = disparity[i] === NOTHING ? 0 : area[find(i)]!;
  return area;
}

/** Smallest disparity within about `radius` pixels of each `block × block` cell; NOTHING counts as nothing. */
export function farthestNearby(layer: Layer, block: number, radius: number): { columns: number; rows: number; least: Float32Array } {
  const { width, height, disparity } = layer;
  const columns = Math.ceil(width / block);
  const rows = Math.ceil(height / block);
  let least = new Float32Array(columns * rows).fill(Infinity);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const d = disparity[y * width + x]!;
      if (d === NOTHING) continue;
      const c = Math.floor(y / block) * columns + Math.floor(x / block);
      if (d < least[c]!) least[c] = d;
    }
  }
  for (let pass = Math.max(1, Math.round(radius / block)); pass > 0; pass--) {
    const next = least.slice();
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let d = least[y * columns + x]!;
        if (x > 0) d = Math.min(d, least[y * columns + x - 1]!);
        if (x + 1 < columns) d = Math.min(d, least[y * columns + x + 1]!);
        if (y > 0) d = Math.min(d, least[(y - 1) * columns + x]!);
        if (y + 1 < rows) d = Math.min(d, least[(y + 1) * columns + x]!);
        next[y * columns + x] = d;
      }
    }
    least = next;
  }
  return { columns, rows, least };
}

/** Index of the photo's pixel at layer pixel (x, y), or of its border pixel nearest to it. */
export function photoIndex(layer: Pick<Layer, 'width' | 'height' | 'margin'>, x: number, y: number): number {
  const width = layer.width - 2 * layer.margin;
  const height = layer.height - 2 * layer.margin;
  const px = Math.min(width - 1, Math.max(0, x - layer.margin));
  const py = Math.min(height - 1, Math.max(0, y - layer.margin));
  return py * width + px;
}
