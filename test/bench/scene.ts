import type { DepthMap, Raster } from '../../src/core/index.ts';

/** Small seeded generator (mulberry32), so that every run sees the same scene. */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A made-up photo with exact depth: sky, a brick wall, a tiled floor, balls, posts, and a bush of
 * leaves, so that plain, slanted, round, thin and ragged things are all there.
 */
export function benchScene(width: number, height: number): { photo: Raster; depth: DepthMap } {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const disparity = new Float32Array(width * height);
  const random = seeded(7);
  const horizon = height * 0.45;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      let r = 120 + (60 * y) / height,
        g = 160 + (40 * y) / height,
        b = 220,
        d = 0;
      const wall = 0.12;
      const floor = y > horizon ? (0.75 * (y - horizon)) / (height - horizon) + 0.05 : 0;
      if (y > height * 0.15) {
        d = wall;
        const row = Math.floor(y / (height / 48));
        const joint = y % (height / 48) < 2 || (x + (row % 2) * (width / 48)) % (width / 24) < 2;
        const tone = 0.8 + 0.2 * Math.sin(row * 12.9 + Math.floor((x + (row % 2) * (width / 48)) / (width / 24)) * 78.2);
        [r, g, b] = joint ? [170, 160, 150] : [165 * tone, 80 * tone, 60 * tone];
      }
      if (floor > wall) {
        d = floor;
        const z = 1 / (floor + 0.02);
        const light = (Math.floor(z * 3) + Math.floor((x / width - 0.5) * z * 6)) & 1;
        [r, g, b] = light ? [210, 200, 180] : [110, 90, 80];
      }
      disparity[i] = d;
      rgba.set([r, g, b, 255], i * 4);
    }
  }
  const put = (x: number, y: number, d: number, r: number, g: number, b: number) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const i = y * width + x;
    if (disparity[i]! >= d) return;
    disparity[i] = d;
    rgba.set([r, g, b, 255], i * 4);
  };
  for (let k = 0; k < 14; k++) {
    const radius = (0.02 + 0.05 * random()) * width;
    const cx = random() * width;
    const cy = horizon + random() * (height - horizon) * 0.8;
    const base = 0.2 + (0.6 * (cy - horizon)) / (height - horizon);
    const tone = [80 + 170 * random(), 80 + 170 * random(), 80 + 170 * random()] as const;
    for (let v = -radius; v <= radius; v++) {
      for (let u = -radius; u <= radius; u++) {
        const round = 1 - (u * u + v * v) / (radius * radius);
        if (round <= 0) continue;
        const shade = 0.5 + 0.5 * Math.sqrt(round);
        put(Math.round(cx + u), Math.round(cy + v), base + 0.05 * Math.sqrt(round), tone[0] * shade, tone[1] * shade, tone[2] * shade);
      }
    }
  }
  for (let k = 0; k < 6; k++) {
    const cx = (0.1 + 0.16 * k) * width;
    for (let y = Math.round(height * 0.2); y < height * 0.8; y++) {
      for (let u = -3; u <= 3; u++) put(Math.round(cx + u), y, 0.5, 60 + 8 * u, 50, 40);
    }
  }
  for (let k = 0; k < 500; k++) {
    const cx = width * (0.05 + 0.25 * random());
    const cy = height * (0.1 + 0.5 * random());
    const angle = random() * Math.PI;
    const d = 0.6 + 0.35 * random();
    const length = (0.008 + 0.012 * random()) * width;
    const green = 90 + 100 * random();
    for (let s = -length; s <= length; s += 0.5) {
      const half = (1 - Math.abs(s) / length) * length * 0.4;
      for (let t = -half; t <= half; t += 0.5) {
        put(
          Math.round(cx + s * Math.cos(angle) - t * Math.sin(angle)),
          Math.round(cy + s * Math.sin(angle) + t * Math.cos(angle)),
          d,
          40,
          green + 4 * t,
          30,
        );
      }
    }
  }
  return { photo: { width, height, rgba }, depth: { width, height, disparity } };
}

/** A number of the normal distribution (Box and Muller 1958). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A disparity as a map of so few grey levels has it. */
export function inLevels(d: number, levels: number): number {
  return Math.round(d * (levels - 1)) / (levels - 1);
}

/** The rough maps of the flatness measure: noise, few grey levels, the photo's brightness mixed in. */
export function roughen(depth: DepthMap, photo: Raster, kind: 'noise' | 'grey16' | 'brightness'): DepthMap {
  const random = seeded(11);
  const disparity = depth.disparity.map((d, i) => {
    if (kind === 'grey16') return inLevels(d, 16);
    if (kind === 'brightness') {
      const luma = (0.299 * photo.rgba[i * 4]! + 0.587 * photo.rgba[i * 4 + 1]! + 0.114 * photo.rgba[i * 4 + 2]!) / 255;
      return 0.8 * d + 0.2 * luma;
    }
    return Math.min(1, Math.max(0, d + 0.05 * gaussian(random)));
  });
  return { width: depth.width, height: depth.height, disparity };
}
