import { JOINED_DOWN, JOINED_RIGHT, NOTHING, lensFor, type Layer, type LayerMesh, type Raster, type Scene } from '../../src/core/index.ts';

/** What the synthetic scenes are made of; sizes in pixels. */
export interface SceneRecipe {
  width: number;
  height: number;
  margin: number;
  /** Disc in front: centre, radius, disparity; null leaves the wall alone. */
  disc: { x: number; y: number; radius: number; disparity: number } | null;
  /** The photo at this many times its size, as `detail`. */
  detail?: number;
}

export const SMALL: SceneRecipe = { width: 160, height: 120, margin: 16, disc: { x: 80, y: 60, radius: 30, disparity: 0.8 } };

const TILE = 8;

/** Colour of the wall: a slanted plane with stripes, a grid of dots and a smooth ramp. */
function wall(x: number, y: number): [number, number, number] {
  const stripe = Math.sin(x * 0.35) * Math.sin(y * 0.21) * 40;
  return [70 + x * 0.5 + stripe, 120 + stripe, 180 - y * 0.6 + stripe];
}

/** Colour of the disc: warm, with rings. */
function face(x: number, y: number): [number, number, number] {
  return [230 + 20 * Math.sin(x * 0.4), 150 + 40 * Math.sin((x + y) * 0.25), 60];
}

/** Disparity of the wall at `x` photo pixels. */
export const wallAt = (x: number, width: number): number => 0.1 + (0.2 * x) / width;

/** A scene of two surfaces with a torn edge: a slanted wall, and a disc in front of it; layer 1 is the wall behind the disc. */
export function syntheticScene(recipe: SceneRecipe = SMALL): Scene {
  const { width, height, margin, disc } = recipe;
  const inDisc = (x: number, y: number, grown = 0): boolean => disc !== null && Math.hypot(x - disc.x, y - disc.y) < disc.radius + grown;
  const isFront = (x: number, y: number): boolean => inDisc(x, y);
  const layers: Layer[] = [
    paint(recipe, (x, y) => (isFront(x, y) ? 'disc' : 'wall')),
    ...(disc ? [paint(recipe, (x, y) => (inDisc(x, y, 6) ? 'wall' : 'nothing'))] : []),
  ];
  const lens = lensFor(width, height);
  const detail = recipe.detail ? photoOf(recipe, recipe.detail) : undefined;
  return {
    name: 'synthetic',
    width,
    height,
    lens,
    eyebox: { x: 0.03, y: 0.03, z: 0.03 },
    depth: {
      width,
      height,
      disparity: Float32Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
        return isFront(x, y) ? disc!.disparity : wallAt(x, width);
      }),
    },
    layers,
    meshes: layers.map((layer) => meshOf(layer, recipe)),
    ...(detail ? { detail } : {}),
  };

  function paint(of: SceneRecipe, what: (x: number, y: number) => 'disc' | 'wall' | 'nothing'): Layer {
    const w = of.width + 2 * margin;
    const h = of.height + 2 * margin;
    const rgba = new Uint8ClampedArray(w * h * 4);
    const disparity = new Float32Array(w * h).fill(NOTHING);
    const joins = new Uint8Array(w * h).fill(JOINED_RIGHT | JOINED_DOWN);
    for (let v = 0; v < h; v++) {
      for (let u = 0; u < w; u++) {
        const [x, y] = [u + 0.5 - margin, v + 0.5 - margin];
        const is = what(x, y);
        if (is === 'nothing') continue;
        const i = v * w + u;
        rgba.set([...(is === 'disc' ? face(x, y) : wall(x, y)), 255], i * 4);
        disparity[i] = is === 'disc' ? disc!.disparity : wallAt(x, of.width);
      }
    }
    return { width: w, height: h, margin, rgba, disparity, joins };
  }
}

/** The photo of the scene, `scale` times as large. */
export function photoOf({ width, height, disc }: SceneRecipe, scale = 1): Raster {
  const w = width * scale;
  const h = height * scale;
  const rgba = new Uint8ClampedArray(w * h * 4);
  for (let i = 0; i < w * h; i++) {
    const [x, y] = [((i % w) + 0.5) / scale, (Math.floor(i / w) + 0.5) / scale];
    const front = disc !== null && Math.hypot(x - disc.x, y - disc.y) < disc.radius;
    rgba.set([...(front ? face(x, y) : wall(x, y)), 255], i * 4);
  }
  return { width: w, height: h, rgba };
}

/** One quad a tile and surface; those that touch an outline are soft. */
function meshOf(layer: Layer, { disc, width }: SceneRecipe): LayerMesh {
  const vertices: number[] = [];
  const whole: number[] = [];
  const soft: number[] = [];
  const surfaces = [
    { low: -1, high: 0.5, at: (u: number) => wallAt(u - layer.margin, width) },
    { low: 0.5, high: 2, at: () => disc?.disparity ?? 0 },
  ];
  for (let v = 0; v < layer.height; v += TILE) {
    for (let u = 0; u < layer.width; u += TILE) {
      const right = Math.min(u + TILE, layer.width);
      const bottom = Math.min(v + TILE, layer.height);
      for (const { low, high, at } of surfaces) {
        const share = shareOf(layer, u - 2, v - 2, right + 2, bottom + 2, low, high);
        if (share === 0) continue;
        const first = vertices.length / 5;
        for (const [x, y] of [
          [u, v],
          [right, v],
          [u, bottom],
          [right, bottom],
        ] as const)
          vertices.push(x, y, at(x), low, high);
        (share === 1 ? whole : soft).push(first, first + 1, first + 2, first + 2, first + 1, first + 3);
      }
    }
  }
  return { vertices: new Float32Array(vertices), indices: new Uint32Array([...whole, ...soft]), softStart: whole.length };
}

function shareOf(layer: Layer, u0: number, v0: number, u1: number, v1: number, low: number, high: number): number {
  let hits = 0;
  let count = 0;
  for (let v = Math.max(0, v0); v < Math.min(layer.height, v1); v++) {
    for (let u = Math.max(0, u0); u < Math.min(layer.width, u1); u++) {
      const d = layer.disparity[v * layer.width + u]!;
      hits += d >= low && d <= high ? 1 : 0;
      count++;
    }
  }
  return hits / count;
}
