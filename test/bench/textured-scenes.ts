/** Made-up photos full of texture, with exact depth: what makes rough depth maps hard to mend along the photo's colours. */
import type { DepthMap, Raster } from '../../src/core/index.ts';
import { seeded } from './scene.ts';

interface Scene {
  photo: Raster;
  depth: DepthMap;
}

type Colour = readonly [number, number, number];

/** Stony ground that comes nearer downwards: speckled stones of all greys lie over each other on sand. */
export function gravelScene(width: number, height: number): Scene {
  const random = seeded(21);
  const ground = (y: number): number => 0.12 + (0.6 * y) / height;
  const canvas = new Canvas(
    width,
    height,
    random,
    30,
    (_, y) => ground(y),
    () => [120, 105, 85],
  );
  const stones = Array.from({ length: 1600 }, () => ({ x: random() * width, y: random() * height })).sort((a, b) => a.y - b.y);
  for (const { x, y } of stones) {
    const base = ground(y);
    const radius = (0.35 + random()) * base * 0.05 * width;
    const flat = 0.55 + 0.3 * random();
    const tone = 60 + 150 * random();
    const hue = 20 * random() - 10;
    canvas.ellipse(x, y, radius, radius * flat, random() * Math.PI, (u, v) => {
      const round = Math.sqrt(1 - u * u - v * v);
      const shade = tone * (0.55 + 0.45 * round);
      return [base + 0.08 * base * round, [shade + hue, shade, shade - hue]];
    });
  }
  return canvas.scene();
}

/** Leaves with veins in front of a far, dappled wood, the nearest last. */
export function foliageScene(width: number, height: number): Scene {
  const random = seeded(22);
  const canvas = new Canvas(
    width,
    height,
    random,
    24,
    (_, y) => 0.05 + (0.05 * y) / height,
    (x, y) => {
      const dapple = Math.sin((x * 40) / width) * Math.sin((y * 34) / width + 1);
      return [60 + 40 * dapple, 80 + 50 * dapple, 50 + 30 * dapple];
    },
  );
  const leaves = Array.from({ length: 900 }, () => 0.2 + 0.7 * random() ** 1.5).sort((a, b) => a - b);
  for (const depth of leaves) {
    const length = (0.012 + 0.03 * depth) * width * (0.7 + 0.6 * random());
    const green = 70 + 130 * random();
    const red = green * (0.35 + 0.35 * random());
    const tilt = 0.05 * (random() - 0.5);
    canvas.ellipse(random() * width, random() * height, length, length * 0.38, random() * Math.PI, (u, v) => {
      const vein = Math.abs(v) < 0.08 || Math.abs((u * 6 + Math.abs(v) * 3) % 1) < 0.15 ? 30 : 0;
      const light = (1 - 0.25 * v) * green + vein;
      return [depth + tilt * u, [red + vein, light, 35]];
    });
  }
  return canvas.scene();
}

/** A photo and its depth, drawn over each other from far to near, grained all over. */
class Canvas {
  readonly #width: number;
  readonly #height: number;
  readonly #rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly #disparity: Float32Array<ArrayBuffer>;
  readonly #random: () => number;
  readonly #grain: number;

  /** @param grain brightness goes up and down by as much, 0..255, a pixel. */
  constructor(
    width: number,
    height: number,
    random: () => number,
    grain: number,
    depth: (x: number, y: number) => number,
    colour: (x: number, y: number) => Colour,
  ) {
    this.#width = width;
    this.#height = height;
    this.#rgba = new Uint8ClampedArray(width * height * 4);
    this.#disparity = new Float32Array(width * height);
    this.#random = random;
    this.#grain = grain;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) this.#put(x, y, depth(x, y), colour(x, y));
  }

  /** @param at depth and colour of a place in it, −1..1 along both axes. */
  ellipse(
    cx: number,
    cy: number,
    long: number,
    short: number,
    angle: number,
    at: (u: number, v: number) => readonly [number, Colour],
  ): void {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    for (let y = Math.max(0, Math.ceil(cy - long)); y < Math.min(this.#height, cy + long); y++) {
      for (let x = Math.max(0, Math.ceil(cx - long)); x < Math.min(this.#width, cx + long); x++) {
        const u = ((x - cx) * cos + (y - cy) * sin) / long;
        const v = ((y - cy) * cos - (x - cx) * sin) / short;
        if (u * u + v * v < 1) this.#put(x, y, ...at(u, v));
      }
    }
  }

  scene(): Scene {
    const [width, height] = [this.#width, this.#height];
    return { photo: { width, height, rgba: this.#rgba }, depth: { width, height, disparity: this.#disparity } };
  }

  #put(x: number, y: number, depth: number, [r, g, b]: Colour): void {
    const i = y * this.#width + x;
    const grain = this.#grain * (2 * this.#random() - 1);
    this.#disparity[i] = depth;
    this.#rgba.set([r + grain, g + grain, b + grain, 255], i * 4);
  }
}
