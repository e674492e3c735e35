import type { Level } from './level.ts';

export interface Onion {
  /** Hole pixels, ring by ring from the known side inward. */
  order: Int32Array;
  /** Level size: index of a nearest source pixel, −1 = none within reach. */
  origin: Int32Array;
  /** Level size: steps to it, 1..255; 255 where there is none within reach. */
  distance: Uint8Array;
}

/** Peels the holes. @param reach rings at most, 1..254. */
export function onion(level: Level, reach: number): Onion {
  const { width, hole, source } = level;
  const origin = new Int32Array(hole.length).fill(-1);
  const distance = new Uint8Array(hole.length).fill(255);
  const order = new Int32Array(hole.length);
  const steps = [1, -1, width, -width];
  let count = 0;
  for (let i = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    for (let k = 0; k < 4; k++) {
      if (!source[i + steps[k]!]) continue;
      origin[i] = i + steps[k]!;
      distance[i] = 1;
      order[count++] = i;
      break;
    }
  }
  let start = 0;
  for (let ring = 2; ring <= reach && start < count; ring++) {
    const end = count;
    for (; start < end; start++) {
      const i = order[start]!;
      for (let k = 0; k < 4; k++) {
        const j = i + steps[k]!;
        if (!hole[j] || origin[j] !== -1) continue;
        origin[j] = origin[i]!;
        distance[j] = ring;
        order[count++] = j;
      }
    }
  }
  return { order: order.slice(0, count), origin, distance };
}
