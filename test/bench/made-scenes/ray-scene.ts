/** A small renderer of made-up worlds: what a pinhole camera truly sees, and how far away it is. */
import type { Raster } from '../../../src/core/index.ts';

export type Vector = readonly [number, number, number];
/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];
/** Colour at a place of a surface, both in metres along it; undefined where there is nothing. @param footprint metres that a sample covers. */
export type Material = (u: number, v: number, footprint: number) => Colour | undefined;

/** Where a ray meets a thing. */
export interface Hit {
  /** Distance, in lengths of the ray's direction. */
  distance: number;
  u: number;
  v: number;
  normal: Vector;
}

export interface Thing {
  material: Material;
  /** The first place at which the ray meets it and there is something to see. */
  meet(from: Vector, along: Vector): Hit | undefined;
  /** Points round it, all that it takes to know where in the picture it may be; undefined = anywhere. */
  hull?: Vector[];
  /** Shown as it is, without light and shade. */
  isLit?: boolean;
}

export interface World {
  things: Thing[];
  /** Colour far away in a direction, as the sky is. */
  sky: (along: Vector) => Colour;
  /** Direction to the sun. */
  sun: Vector;
  /** Share of light that comes from everywhere. */
  ambient: number;
  /** The camera looks down by this angle, in radians, from this height over y = 0. */
  pitch: number;
  height: number;
}

export interface Lens {
  width: number;
  height: number;
  /** Pixels; square. */
  focal: number;
}

export interface Picture {
  image: Raster;
  /** Distance along the axis at the pixels' centres, `FAR` where nothing is. */
  depth: Float32Array;
}

export const FAR = 200;
const NEAR = 0.05;
/** Samples a pixel along each axis; odd, so that one lies at its centre. */
const SAMPLES = 3;

/** What a camera at `at` sees: right, up and back of the reference camera, in metres. */
export function render(world: World, { width, height, focal }: Lens, at: Vector): Picture {
  const across = width * SAMPLES;
  const down = height * SAMPLES;
  const cos = Math.cos(world.pitch);
  const sin = Math.sin(world.pitch);
  const turned = ([x, y, z]: Vector): Vector => [x, y * cos + z * sin, z * cos - y * sin];
  const [ox, oy, oz] = turned(at);
  const from: Vector = [ox, oy + world.height, oz];
  const along = (x: number, y: number): Vector =>
    turned([((x + 0.5) / SAMPLES - width / 2) / focal, (height / 2 - (y + 0.5) / SAMPLES) / focal, -1]);
  const distance = new Float32Array(across * down).fill(FAR);
  const owner = new Int32Array(across * down).fill(-1);
  world.things.forEach((thing, index) => {
    const { x0, y0, x1, y1 } = boundsOf(thing.hull);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const hit = thing.meet(from, along(x, y));
        const i = y * across + x;
        if (!hit || hit.distance < NEAR || hit.distance >= distance[i]!) continue;
        distance[i] = hit.distance;
        owner[i] = index;
      }
    }
  });
  const image: Raster = { width, height, rgba: new Uint8ClampedArray(width * height * 4) };
  const depth = new Float32Array(width * height);
  const middle = SAMPLES >> 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let [r, g, b] = [0, 0, 0];
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const sx = x * SAMPLES + (s % SAMPLES);
        const sy = y * SAMPLES + Math.floor(s / SAMPLES);
        const colour = shade(world, owner[sy * across + sx]!, from, along(sx, sy), 1 / (focal * SAMPLES));
        r += colour[0];
        g += colour[1];
        b += colour[2];
      }
      const n = SAMPLES * SAMPLES;
      image.rgba.set([r / n, g / n, b / n, 255], i * 4);
      depth[i] = distance[(y * SAMPLES + middle) * across + x * SAMPLES + middle]!;
    }
  }
  return { image, depth };

  function boundsOf(hull: readonly Vector[] | undefined): { x0: number; y0: number; x1: number; y1: number } {
    const all = { x0: 0, y0: 0, x1: across, y1: down };
    if (!hull) return all;
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [px, py, pz] of hull) {
      const [x, wy, wz] = [px - from[0], py - from[1], pz - from[2]];
      const y = wy * cos - wz * sin;
      const z = wz * cos + wy * sin;
      if (z > -NEAR) return all;
      const sx = (width / 2 + (focal * x) / -z) * SAMPLES;
      const sy = (height / 2 - (focal * y) / -z) * SAMPLES;
      [x0, y0, x1, y1] = [Math.min(x0, sx), Math.min(y0, sy), Math.max(x1, sx), Math.max(y1, sy)];
    }
    return {
      x0: Math.max(0, Math.floor(x0 - 1)),
      y0: Math.max(0, Math.floor(y0 - 1)),
      x1: Math.min(across, Math.ceil(x1 + 1)),
      y1: Math.min(down, Math.ceil(y1 + 1)),
    };
  }
}

function shade({ things, sky, sun, ambient }: World, owner: number, from: Vector, along: Vector, angle: number): Colour {
  const thing = things[owner];
  const hit = thing?.meet(from, along);
  if (!thing || !hit) return sky(along);
  const facing = Math.abs(dot(hit.normal, along)) / length(along);
  const colour = thing.material(hit.u, hit.v, (hit.distance * angle) / Math.max(0.2, facing)) ?? sky(along);
  if (thing.isLit) return colour;
  const side = dot(hit.normal, along) > 0 ? -1 : 1;
  const light = ambient + (1 - ambient) * Math.max(0, (side * dot(hit.normal, sun)) / length(sun));
  const haze = 1 - Math.exp(-hit.distance / 90);
  const air = sky([0, 0, -1]);
  return [0, 1, 2].map((c) => colour[c]! * light * (1 - haze) + air[c]! * haze) as unknown as Colour;
}

/** A parallelogram from `corner` along two edges. Its material is asked in metres from the corner. */
export function sheet(corner: Vector, right: Vector, up: Vector, material: Material, isLit = false): Thing {
  const [wide, high] = [length(right), length(up)];
  const normal = unit(cross(right, up));
  return {
    material,
    isLit,
    hull: [corner, add(corner, right), add(corner, up), add(add(corner, right), up)],
    meet(from, along) {
      const slope = dot(normal, along);
      if (Math.abs(slope) < 1e-9) return undefined;
      const distance = dot(normal, subtract(corner, from)) / slope;
      if (!(distance > 0)) return undefined;
      const at = subtract(add(from, scaled(along, distance)), corner);
      const u = dot(at, right) / wide;
      const v = dot(at, up) / high;
      if (u < 0 || v < 0 || u > wide || v > high || !material(u, v, 0)) return undefined;
      return { distance, u, v, normal };
    },
  };
}

/** A box that stands on y = `low`; its front lies toward the camera. @param turn about the upright axis, radians. */
export function box(
  x: number,
  low: number,
  z: number,
  wide: number,
  high: number,
  deep: number,
  turn: number,
  material: Material,
): Thing[] {
  const right: Vector = [wide * Math.cos(turn), 0, -wide * Math.sin(turn)];
  const back: Vector = [-deep * Math.sin(turn), 0, -deep * Math.cos(turn)];
  const up: Vector = [0, high, 0];
  const corner: Vector = [x - (right[0] + back[0]) / 2, low, z - (right[2] + back[2]) / 2];
  return [
    sheet(corner, right, up, material),
    sheet(add(corner, back), right, up, material),
    sheet(corner, back, up, material),
    sheet(add(corner, right), back, up, material),
    sheet(add(corner, up), right, back, material),
  ];
}

/** An upright cylinder, thinner at the top by `taper`. Its material is asked in metres round it and up. */
export function pillar(x: number, low: number, z: number, radius: number, high: number, material: Material, taper = 0): Thing {
  const hull: Vector[] = [];
  for (const y of [low, low + high])
    for (const [u, v] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ] as const)
      hull.push([x + u * radius, y, z + v * radius]);
  const slope = (radius * taper) / high;
  return {
    material,
    hull,
    meet(from, along) {
      const [ox, oz] = [from[0] - x, from[2] - z];
      const r = radius - slope * (from[1] - low);
      const dr = -slope * along[1];
      const a = along[0] ** 2 + along[2] ** 2 - dr * dr;
      const b = ox * along[0] + oz * along[2] - r * dr;
      const c = ox * ox + oz * oz - r * r;
      const root = b * b - a * c;
      if (root < 0) return undefined;
      const distance = (-b - Math.sqrt(root)) / a;
      const y = from[1] + distance * along[1];
      if (distance < 0 || y < low || y > low + high) return undefined;
      const [hx, hz] = [ox + distance * along[0], oz + distance * along[2]];
      const normal = unit([hx, slope * radius, hz]);
      return { distance, u: radius * Math.atan2(hx, hz), v: y - low, normal };
    },
  };
}

/** Its material is asked in metres round it and up. */
export function ball(x: number, y: number, z: number, radius: number, material: Material): Thing {
  const hull: Vector[] = [];
  for (let k = 0; k < 8; k++) hull.push([x + (k & 1 ? radius : -radius), y + (k & 2 ? radius : -radius), z + (k & 4 ? radius : -radius)]);
  return {
    material,
    hull,
    meet(from, along) {
      const to = subtract(from, [x, y, z]);
      const a = dot(along, along);
      const b = dot(to, along);
      const root = b * b - a * (dot(to, to) - radius * radius);
      if (root < 0) return undefined;
      const distance = (-b - Math.sqrt(root)) / a;
      if (distance < 0) return undefined;
      const normal = unit(add(to, scaled(along, distance)));
      return {
        distance,
        u: radius * Math.atan2(normal[0], normal[2]),
        v: radius * Math.asin(Math.max(-1, Math.min(1, normal[1]))),
        normal,
      };
    },
  };
}

export function add(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function scaled(a: Vector, by: number): Vector {
  return [a[0] * by, a[1] * by, a[2] * by];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function length(a: Vector): number {
  return Math.hypot(a[0], a[1], a[2]);
}

function unit(a: Vector): Vector {
  return scaled(a, 1 / length(a));
}
