/** What made-up surfaces look like: all from numbers, places in metres. */
import type { Colour, Material } from './ray-scene.ts';

/** 0..1, always the same for the same three numbers. */
export function hashed(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(seed | 0, 2246822519);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise, 0..1, one bump a unit. */
function bumps(x: number, y: number, seed: number): number {
  const [xi, yi] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - xi, y - yi].map((t) => t * t * (3 - 2 * t)) as [number, number];
  const top = hashed(xi, yi, seed) * (1 - u) + hashed(xi + 1, yi, seed) * u;
  const low = hashed(xi, yi + 1, seed) * (1 - u) + hashed(xi + 1, yi + 1, seed) * u;
  return top * (1 - v) + low * v;
}

/** Noise of several sizes, 0..1, its largest bumps a unit; what is smaller than `footprint` is left out. */
export function clouds(x: number, y: number, seed: number, footprint = 0, octaves = 5): number {
  let [sum, weight, share] = [0, 0, 1];
  for (let k = 0, step = 1; k < octaves; k++, step *= 2.03, share *= 0.55) {
    weight += share;
    const seen = Math.max(0, Math.min(1, 1.5 - 1.5 * step * footprint));
    sum += share * (0.5 + seen * (seen > 0 ? bumps(x * step, y * step, seed + k) - 0.5 : 0));
  }
  return sum / weight;
}

export function mixed(a: Colour, b: Colour, share: number): Colour {
  const s = Math.max(0, Math.min(1, share));
  return [a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s, a[2] + (b[2] - a[2]) * s];
}

function toned([r, g, b]: Colour, by: number): Colour {
  return [r * by, g * by, b * by];
}

const remainder = (x: number, n: number): number => x - n * Math.floor(x / n);

/** Rough plaster, stone, cloth: one colour with grain. @param size of the largest spots, metres. */
export function grained(colour: Colour, size: number, strength: number, seed: number): Material {
  return (u, v, f) => toned(colour, 1 + strength * (2 * clouds(u / size, v / size, seed, f / size) - 1));
}

export function bricks(colour: Colour, mortar: Colour, wide: number, high: number, seed: number): Material {
  return (u, v, f) => {
    const row = Math.floor(v / high);
    const x = u + (row & 1 ? wide / 2 : 0);
    const column = Math.floor(x / wide);
    const joint = 0.012 + 0.006 * clouds(u * 20, v * 20, seed, f * 20, 2);
    const isJoint = remainder(x, wide) < joint || remainder(v, high) < joint;
    const grain = 0.8 + 0.4 * clouds(u * 30, v * 30, seed + 9, f * 30);
    return isJoint ? toned(mortar, grain) : toned(colour, grain * (0.7 + 0.55 * hashed(column, row, seed)));
  };
}

/** Square tiles of two colours in turn, with joints. */
export function tiles(a: Colour, b: Colour, side: number, joint: number, seed: number): Material {
  return (u, v, f) => {
    const [column, row] = [Math.floor(u / side), Math.floor(v / side)];
    if (remainder(u, side) < joint || remainder(v, side) < joint) return [96, 92, 86];
    const vein = clouds((u * 3) / side + hashed(column, row, seed) * 40, (v * 3) / side, seed, (f * 3) / side);
    return toned((column + row) & 1 ? a : b, 0.85 + 0.3 * vein);
  };
}

/** Paper with a motif that repeats. */
export function wallpaper(ground: Colour, ink: Colour, side: number, seed: number): Material {
  const petals = 3 + Math.floor(hashed(1, 2, seed) * 4);
  return (u, v, f) => {
    const row = Math.floor(v / side);
    const x = remainder(u + (row & 1 ? side / 2 : 0), side) / side - 0.5;
    const y = remainder(v, side) / side - 0.5;
    const r = Math.hypot(x, y);
    const flower = r < 0.16 + 0.12 * Math.cos(petals * Math.atan2(y, x)) ? 1 : 0;
    const stripe = Math.abs(remainder(u, side / 2) - side / 4) < side * 0.02 ? 0.7 : 0;
    const grain = 0.95 + 0.1 * clouds(u * 60, v * 60, seed, f * 60, 2);
    return toned(mixed(ground, ink, Math.max(flower, stripe)), grain);
  };
}

export function bark(colour: Colour, seed: number): Material {
  return (u, v, f) => {
    const ridge = Math.abs(2 * clouds(u * 14, v * 2.2, seed, f * 14) - 1);
    return toned(colour, 0.45 + 1.5 * ridge + 0.3 * clouds(u * 60, v * 30, seed + 5, f * 60, 2));
  };
}

export function grass(seed: number): Material {
  return (u, v, f) => {
    const blade = clouds(u * 45, v * 14, seed, f * 45, 3);
    const patch = clouds(u * 0.9, v * 0.9, seed + 3, f);
    const flower = hashed(Math.floor(u * 22), Math.floor(v * 22), seed + 7) > 0.992 ? 1 : 0;
    const green = mixed([52, 84, 24], [150, 148, 62], patch * 1.3 - 0.25);
    return mixed(toned(green, 0.35 + 1.3 * blade), [238, 232, 190], flower);
  };
}

export function water(sky: Colour, seed: number): Material {
  return (u, v, f) => {
    const wave = clouds(u * 1.2, v * 6, seed, f * 6, 4) + 0.3 * Math.sin(v * 21 + 3 * clouds(u, v, seed + 2, f)) * Math.max(0, 1 - f * 12);
    return mixed([22, 48, 58], sky, wave * 1.4 - 0.35);
  };
}

export function planks(colour: Colour, wide: number, seed: number): Material {
  return (u, v, f) => {
    const plank = Math.floor(u / wide);
    if (remainder(u, wide) < 0.006) return toned(colour, 0.3);
    const grain = clouds(u * 40, v * 2.5 + plank * 17, seed, f * 40, 4);
    return toned(colour, 0.65 + 0.4 * hashed(plank, 0, seed) + 0.45 * (grain - 0.5));
  };
}

/** Woven cloth of two colours that cross. */
export function chequered(a: Colour, b: Colour, side: number, seed: number): Material {
  return (u, v, f) => {
    const half = (remainder(u, side * 2) < side ? 0.5 : 0) + (remainder(v, side * 2) < side ? 0.5 : 0);
    const weave = 0.92 + 0.16 * clouds(u * 220, v * 220, seed, f * 220, 2);
    return toned(mixed(a, b, half), weave);
  };
}

/** A page with lines of made-up letters. @param size of a letter, metres. */
export function text(paper: Colour, ink: Colour, size: number, seed: number): Material {
  return (u, v, f) => {
    const line = Math.floor(v / (size * 1.7));
    const y = remainder(v, size * 1.7) / size;
    const at = Math.floor(u / (size * 0.75));
    const x = remainder(u, size * 0.75) / (size * 0.6);
    const grain = 0.96 + 0.08 * clouds(u * 40, v * 40, seed, f * 40, 2);
    if (y > 1 || x > 1 || hashed(at, line, seed) < 0.17) return toned(paper, grain);
    const letter = Math.floor(hashed(at, line, seed + 1) * 23);
    const [cx, cy] = [Math.floor(x * 4), Math.floor(y * 6)];
    return hashed(cx * 8 + cy, letter, seed + 2) > 0.52 ? toned(ink, grain) : toned(paper, grain);
  };
}

/** A front of a house: windows in rows, in a wall. */
export function windows(wall: Material, wide: number, high: number, seed: number): Material {
  return (u, v, f) => {
    const [x, y] = [remainder(u, wide) / wide, remainder(v, high) / high];
    if (x < 0.28 || x > 0.72 || y < 0.25 || y > 0.8) return wall(u, v, f);
    if (x < 0.31 || x > 0.69 || y < 0.28 || y > 0.77 || Math.abs(x - 0.5) < 0.012) return [226, 222, 212];
    const lit = hashed(Math.floor(u / wide), Math.floor(v / high), seed);
    return mixed([34, 42, 54], [196, 174, 120], lit > 0.7 ? 0.8 : 0.25 * clouds(u * 2, v * 2, seed, f * 2, 2));
  };
}

/** Slats that cross, with openings between. */
export function lattice(colour: Colour, step: number, slat: number, seed: number): Material {
  const wood = grained(colour, 0.05, 0.4, seed);
  return (u, v, f) => {
    const [a, b] = [remainder(u + v, step), remainder(u - v, step)];
    return a < slat || b < slat ? wood(u, v, f) : undefined;
  };
}

/** Leaves that stand side by side and over each other, with openings between. @param size length of a leaf, metres. */
export function leaves(colour: Colour, size: number, share: number, seed: number): Material {
  return (u, v, f) => {
    let best: Colour | undefined;
    let top = -1;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [cx, cy] = [Math.floor(u / size) + dx, Math.floor(v / size) + dy];
        const rank = hashed(cx, cy, seed);
        if (rank > share || rank < top) continue;
        const angle = hashed(cx, cy, seed + 1) * 6.283;
        const [px, py] = [u / size - cx - hashed(cx, cy, seed + 2), v / size - cy - hashed(cx, cy, seed + 3)];
        const [lx, ly] = [px * Math.cos(angle) + py * Math.sin(angle), (py * Math.cos(angle) - px * Math.sin(angle)) * 2.4];
        if (lx * lx + ly * ly > 0.3) continue;
        top = rank;
        const vein = Math.abs(ly) < 0.05 ? 1.25 : 1;
        best = toned(
          colour,
          vein * (0.55 + 0.9 * hashed(cx, cy, seed + 4)) * (1 - 0.35 * lx) * (0.9 + 0.2 * clouds(u * 90, v * 90, seed, f * 90, 2)),
        );
      }
    }
    return best;
  };
}

/** A far row of hills or trees against the sky, up to its skyline. @param rough how ragged, metres. */
export function skyline(colour: Colour, high: number, rough: number, seed: number): Material {
  return (u, v, f) => {
    const edge = high * (0.45 + 0.55 * clouds(u / (high * 2.5), 0, seed, 0)) + rough * (clouds(u / rough, 3, seed + 1, 0, 3) - 0.5);
    if (v > edge) return undefined;
    return toned(colour, 0.6 + 0.8 * clouds(u / rough, v / rough, seed + 2, f / rough, 4));
  };
}
