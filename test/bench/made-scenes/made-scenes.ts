/** Twelve kinds of made-up worlds; each seed gives other places, sizes, colours and cameras. */
import { seeded } from '../scene.ts';
import {
  bark,
  bricks,
  chequered,
  clouds,
  grained,
  grass,
  lattice,
  leaves,
  mixed,
  planks,
  skyline,
  text,
  tiles,
  wallpaper,
  water,
  windows,
} from './materials.ts';
import { ball, box, pillar, sheet, type Colour, type Material, type Thing, type World } from './ray-scene.ts';

/** A number between two, the next of a row that a seed gives. */
type Pick = (least: number, most: number) => number;

/** Open to whoever works on inpainting, and kept away until the end: look at the second half, or tune for it, and it is of no more use. */
export const HALVES = {
  open: ['wallpaper', 'hall', 'meadow', 'crowd', 'cloth', 'street'],
  kept: ['brick', 'wood', 'lake', 'notices', 'trellis', 'shelf'],
} as const;
export type Kind = (typeof HALVES)['open' | 'kept'][number];

export function madeScene(kind: Kind, seed: number): World {
  const random = seeded(seed * 1009 + 17);
  const pick: Pick = (least, most) => least + (most - least) * random();
  return WORLDS[kind](pick, seed * 31 + 5);
}

const SKY: Colour = [168, 196, 228];

function sky(seed: number): World['sky'] {
  return ([x, y, z]) => {
    const high = y / Math.hypot(x, y, z);
    const blue = mixed(SKY, [84, 130, 196], high * 1.6);
    return mixed(blue, [244, 244, 242], 1.7 * clouds(x * 2.2, y * 5, seed, 0, 5) - 0.75);
  };
}

function indoors(): World['sky'] {
  return () => [210, 204, 194];
}

function colour(pick: Pick, least = 60, most = 215): Colour {
  return [pick(least, most), pick(least, most), pick(least, most)];
}

function floor(material: Material, y = 0): Thing {
  return sheet([-60, y, -120], [120, 0, 0], [0, 0, 122], material);
}

function wall(z: number, high: number, material: Material): Thing {
  return sheet([-40, 0, z], [80, 0, 0], [0, high, 0], material);
}

/** A plant: stems and leaves on sheets that cross. */
function plant(x: number, low: number, z: number, size: number, tint: Colour, pick: Pick, seed: number): Thing[] {
  return [0, 1, 2].flatMap((k) => {
    const turn = pick(-0.9, 0.9);
    const deep = z + pick(-0.2, 0.2) * size;
    const right: [number, number, number] = [size * Math.cos(turn), 0, size * Math.sin(turn)];
    return sheet(
      [x - right[0] / 2, low, deep - right[2] / 2],
      right,
      [0, size * pick(0.9, 1.3), 0],
      leaves(tint, size * pick(0.16, 0.24), 0.42, seed + k),
    );
  });
}

const WORLDS: Record<Kind, (pick: Pick, seed: number) => World> = {
  wallpaper: (pick, seed) => {
    const wood = planks([150, 100, 62], 0.12, seed + 1);
    const z = -pick(2.2, 2.6);
    return {
      things: [
        wall(-4.2, 4, wallpaper(colour(pick, 150, 225), colour(pick, 60, 150), pick(0.3, 0.45), seed)),
        floor(planks([120, 84, 58], 0.16, seed + 2)),
        ...box(0.1, 0.72, z, 1.7, 0.06, 0.8, pick(-0.2, 0.2), wood),
        ...[-0.7, 0.85].flatMap((x) => pillar(x, 0, z + 0.2, 0.04, 0.72, wood)),
        pillar(pick(-0.5, -0.2), 0.78, z, 0.1, pick(0.3, 0.4), grained(colour(pick), 0.06, 0.3, seed)),
        ball(pick(0.1, 0.3), 0.9, z + 0.1, 0.12, grained(colour(pick), 0.03, 0.35, seed + 4)),
        ...plant(pick(0.5, 0.7), 0.78, z, 0.5, [76, 120, 52], pick, seed),
      ],
      sky: indoors(),
      sun: [0.4, 0.8, 0.9],
      ambient: 0.55,
      pitch: pick(0.08, 0.16),
      height: 1.45,
    };
  },
  hall: (pick, seed) => ({
    things: [
      floor(tiles([206, 198, 182], [92, 60, 52], pick(0.4, 0.55), 0.01, seed)),
      wall(-13, 7, bricks([176, 156, 128], [200, 190, 172], 0.9, 0.42, seed + 1)),
      ...[-3.2, -1.1, 1.3, 3.4].flatMap((x, k) => [
        pillar(x + pick(-0.2, 0.2), 0, -5 - (k & 1) * 3, pick(0.22, 0.3), 5, grained([196, 186, 168], 0.3, 0.4, seed + k)),
        ...box(x, 0, -5 - (k & 1) * 3, 0.8, 0.25, 0.8, 0, grained([170, 160, 146], 0.2, 0.3, seed + k)),
      ]),
      ball(pick(-0.8, 0.8), 0.35, -3.2, 0.35, chequered([190, 60, 50], [230, 220, 200], 0.12, seed)),
    ],
    sky: indoors(),
    sun: [-0.5, 0.9, 0.6],
    ambient: 0.5,
    pitch: pick(0.05, 0.12),
    height: 1.7,
  }),
  meadow: (pick, seed) => ({
    things: [
      floor(grass(seed)),
      sheet([-60, 0, -70], [120, 0, 0], [0, 14, 0], skyline([64, 86, 60], 9, 1.6, seed)),
      ...Array.from({ length: 7 }, (_, k) => {
        const x = -3.6 + k * 1.2;
        return box(x, 0, -4 - pick(0, 0.1), 0.1, pick(1, 1.15), 0.1, 0, planks([128, 108, 84], 0.1, seed + k));
      }).flat(),
      ...[0.35, 0.8].flatMap((y) => box(0, y, -3.93, 9, 0.11, 0.04, 0, planks([138, 116, 92], 0.4, seed))),
      ...plant(pick(-1.4, -0.8), 0, -2.6, 0.8, [84, 128, 48], pick, seed),
      ...plant(pick(1, 1.6), 0, -3, 0.9, [120, 132, 60], pick, seed + 3),
    ],
    sky: sky(seed),
    sun: [0.5, 0.9, 0.5],
    ambient: 0.5,
    pitch: pick(0.1, 0.16),
    height: 1.5,
  }),
  crowd: (pick, seed) => ({
    things: [
      floor(chequered([216, 210, 196], [126, 128, 134], 0.3, seed)),
      wall(-9, 5, grained([188, 178, 160], 0.5, 0.35, seed)),
      ...Array.from({ length: 26 }, (_, k) => {
        const material =
          k % 3 === 0
            ? planks(colour(pick), 0.09, seed + k)
            : k % 3 === 1
              ? text([232, 226, 206], colour(pick, 20, 90), 0.05, seed + k)
              : grained(colour(pick), 0.08, 0.45, seed + k);
        return box(pick(-3, 3), 0, -pick(2.6, 8), pick(0.3, 0.7), pick(0.3, 1), pick(0.3, 0.6), pick(-0.7, 0.7), material);
      }).flat(),
    ],
    sky: indoors(),
    sun: [0.6, 1, 0.7],
    ambient: 0.5,
    pitch: pick(0.16, 0.24),
    height: 1.8,
  }),
  cloth: (pick, seed) => ({
    things: [
      wall(-3.6, 3, grained([120, 132, 128], 0.6, 0.3, seed)),
      sheet([-2, 0.8, -2.6], [4, 0, 0], [0, 0, 2.2], chequered(colour(pick, 150, 230), colour(pick, 40, 140), pick(0.05, 0.09), seed)),
      ...Array.from({ length: 6 }, (_, k) => {
        const r = pick(0.05, 0.11);
        return ball(pick(-0.6, 0.6), 0.8 + r, -pick(1, 2), r, grained(colour(pick, 90, 230), 0.02, 0.4, seed + k));
      }),
      pillar(pick(-0.5, 0.5), 0.8, -1.7, 0.09, 0.34, grained(colour(pick), 0.05, 0.3, seed), 0.4),
    ],
    sky: indoors(),
    sun: [-0.5, 0.9, 0.6],
    ambient: 0.5,
    pitch: pick(0.22, 0.34),
    height: 1.35,
  }),
  street: (pick, seed) => {
    const front = windows(bricks([158, 92, 74], [186, 178, 168], 0.5, 0.16, seed), pick(2.4, 3), 3.1, seed);
    const other = windows(grained([206, 190, 150], 0.5, 0.25, seed), pick(2, 2.6), 2.8, seed + 1);
    return {
      things: [
        floor(tiles([126, 122, 116], [112, 108, 104], 0.26, 0.03, seed)),
        sheet([-5, 0, -40], [0, 0, 38], [0, 9, 0], front),
        sheet([4.6, 0, -40], [0, 0, 38], [0, 8, 0], other),
        wall(-40, 10, windows(grained([168, 160, 150], 0.5, 0.2, seed + 2), 3, 3, seed + 3)),
        ...[-2.6, -1.4].flatMap((x, k) => [
          pillar(x, 0, -4 - 5 * k, 0.06, 4, grained([54, 58, 56], 0.1, 0.3, seed)),
          ball(x, 4.1, -4 - 5 * k, 0.22, grained([240, 232, 206], 0.3, 0.1, seed)),
        ]),
        ...box(pick(1, 2), 0, -5.2, 1.4, 0.9, 0.7, pick(-0.2, 0.2), planks(colour(pick), 0.2, seed)),
        ...plant(pick(1.5, 2.4), 0.9, -5.2, 0.9, [72, 112, 54], pick, seed),
      ],
      sky: sky(seed),
      sun: [0.5, 0.9, 0.4],
      ambient: 0.55,
      pitch: pick(0, 0.06),
      height: 1.7,
    };
  },
  brick: (pick, seed) => ({
    things: [
      wall(-5.5, 6, bricks([150, 80, 62], [190, 182, 170], 0.34, 0.11, seed)),
      floor(tiles([150, 146, 138], [134, 130, 124], 0.5, 0.015, seed)),
      ...[-1.8, 1.7].flatMap((x) => pillar(x + pick(-0.3, 0.3), 0, -pick(2.6, 3.4), 0.07, 5, grained([48, 62, 52], 0.1, 0.4, seed))),
      ...box(pick(-0.6, 0.4), 0.42, -3.4, 1.6, 0.06, 0.45, pick(-0.2, 0.2), planks([146, 104, 62], 0.1, seed)),
      ...[-0.6, 0.5].flatMap((x) => box(x, 0, -3.4, 0.08, 0.42, 0.4, 0, grained([60, 60, 62], 0.1, 0.3, seed))),
      ...plant(pick(1, 1.5), 0, -4.4, 1.1, [70, 110, 46], pick, seed),
    ],
    sky: sky(seed),
    sun: [0.5, 0.8, 0.8],
    ambient: 0.5,
    pitch: pick(0.05, 0.14),
    height: 1.5,
  }),
  wood: (pick, seed) => ({
    things: [
      floor(grass(seed)),
      sheet([-60, 0, -38], [120, 0, 0], [0, 18, 0], skyline([52, 72, 44], 14, 1.2, seed)),
      ...Array.from({ length: 14 }, (_, k) => {
        const z = -3 - k * 1.6;
        return pillar(pick(-0.42, 0.42) * (2.4 - z), 0, z, pick(0.13, 0.26), 12, bark([110, 92, 74], seed + k), 0.4);
      }),
      ...plant(pick(-1.6, -0.6), 0, -3.4, 0.7, [92, 124, 50], pick, seed),
    ],
    sky: sky(seed),
    sun: [0.6, 0.8, 0.6],
    ambient: 0.5,
    pitch: pick(0.02, 0.1),
    height: 1.6,
  }),
  lake: (pick, seed) => ({
    things: [
      floor(water(SKY, seed)),
      sheet([-60, 0, -80], [120, 0, 0], [0, 22, 0], skyline([70, 92, 92], 14, 1.8, seed)),
      sheet([-40, 0, -34], [80, 0, 0], [0, 6, 0], skyline([58, 82, 46], 3.4, 0.7, seed + 1)),
      ...box(pick(-0.6, 0.6), 0, -4.6, 1.4, 0.3, 6, pick(-0.15, 0.15), planks([150, 126, 98], 0.14, seed)),
      ...[-1.3, 1.4].flatMap((x) => pillar(x, 0, -3.4, 0.09, 0.9, bark([120, 100, 78], seed))),
      ...Array.from({ length: 16 }, (_, k) =>
        pillar(-2 + pick(-0.9, 0.9), 0, -3.2 - pick(0, 1), 0.015, pick(0.9, 1.7), grained([112, 126, 62], 0.05, 0.4, seed + k)),
      ),
    ],
    sky: sky(seed),
    sun: [0.4, 0.9, 0.4],
    ambient: 0.55,
    pitch: pick(0.08, 0.14),
    height: 1.7,
  }),
  notices: (pick, seed) => ({
    things: [
      wall(-4, 4, grained([170, 150, 116], 0.05, 0.5, seed)),
      floor(grained([110, 108, 104], 0.2, 0.35, seed + 1)),
      ...Array.from({ length: 12 }, (_, k) => {
        const material = text(mixed([244, 240, 226], colour(pick, 150, 250), 0.4), colour(pick, 10, 80), pick(0.03, 0.08), seed + k);
        return sheet(
          [-2.4 + (k % 6) * 0.85 + pick(-0.1, 0.1), 0.7 + Math.floor(k / 6) * 1.05, -3.98 + k * 0.001],
          [pick(0.55, 0.75), 0, 0],
          [0, pick(0.7, 0.95), 0],
          material,
        );
      }),
      ...[-0.7, 0.6].flatMap((x, k) => {
        const at = x + pick(-0.2, 0.2);
        const coat = chequered(colour(pick), colour(pick), 0.06, seed + k);
        return [pillar(at, 0, -2.6, 0.24, 1.4, coat, 0.35), ball(at, 1.58, -2.6, 0.17, grained([196, 150, 124], 0.05, 0.2, seed + k))];
      }),
    ],
    sky: indoors(),
    sun: [0.3, 0.8, 0.9],
    ambient: 0.6,
    pitch: pick(0.02, 0.08),
    height: 1.5,
  }),
  trellis: (pick, seed) => ({
    things: [
      floor(grained([164, 148, 118], 0.04, 0.5, seed)),
      sheet([-60, 0, -50], [120, 0, 0], [0, 12, 0], skyline([76, 98, 64], 6, 1, seed)),
      sheet([-2.6, 0.2, -3.6], [pick(3, 3.6), 0, 0], [0, 2.4, 0], lattice([198, 192, 178], pick(0.26, 0.34), 0.045, seed)),
      ...[-2.6, 0.7].flatMap((x) => box(x, 0, -3.6, 0.12, 2.8, 0.12, 0, planks([186, 178, 160], 0.12, seed))),
      ...plant(pick(-2, -1.2), 0, -3.3, 1.3, [88, 128, 56], pick, seed),
      ...plant(pick(1.3, 2), 0, -4.2, 1.5, [66, 108, 50], pick, seed + 3),
      pillar(pick(1, 1.6), 0, -3, 0.22, 0.45, grained([176, 104, 76], 0.08, 0.4, seed), -0.2),
    ],
    sky: sky(seed),
    sun: [0.5, 0.9, 0.6],
    ambient: 0.5,
    pitch: pick(-0.02, 0.06),
    height: 1.4,
  }),
  shelf: (pick, seed) => {
    const books = [0.5, 0.95, 1.4, 1.85].flatMap((y) =>
      Array.from({ length: 38 }, (_, k) => {
        const spine =
          k % 4 === 1 ? text(colour(pick), [236, 226, 190], 0.03, seed + k) : grained(colour(pick, 40, 200), 0.05, 0.3, seed + k);
        return box(-1.9 + k * 0.1, y, -3.3, 0.09, pick(0.26, 0.36), 0.2, 0, spine).slice(0, 1);
      }).flat(),
    );
    return {
      things: [
        wall(-3.5, 4, planks([104, 72, 50], 0.3, seed)),
        floor(planks([136, 98, 66], 0.15, seed + 1)),
        ...[0.47, 0.92, 1.37, 1.82].flatMap((y) => box(0, y, -3.25, 4.2, 0.03, 0.4, 0, planks([128, 90, 60], 0.5, seed))),
        ...books,
        pillar(pick(-0.8, -0.4), 0, -1.9, 0.16, 0.8, grained(colour(pick), 0.06, 0.3, seed)),
        ...plant(pick(-0.8, -0.4), 0.8, -1.9, 0.7, [80, 124, 54], pick, seed),
        ...box(pick(0.5, 0.8), 0, -2, 0.5, 1.05, 0.4, 0.3, planks(colour(pick), 0.1, seed)),
      ],
      sky: indoors(),
      sun: [0.4, 0.8, 0.9],
      ambient: 0.55,
      pitch: pick(0.04, 0.12),
      height: 1.35,
    };
  },
};
