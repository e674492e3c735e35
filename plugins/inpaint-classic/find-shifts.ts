import type { Passes, Perspective } from 'unflat/plugin';
import { onion } from './onion.ts';
import type { Probe } from './probe.ts';
import type { Reflection } from './reflection.ts';
import { SurfaceShift, inverseAt, type NearPlane } from './surface-shift.ts';
import { looseSurface, sampled, surfacesOf, type TileSurface } from './surfaces-of.ts';

/** Side of a tile, in pixels of the level. */
const TILE = 16;
/** How far into a hole it is looked for what surrounds it, in pixels of the level. */
const REACH = 80;
/** Longest motion that is tried, along each axis. */
const MOST = 44;
/** Motions are tried on a grid of this step, then next to the best. */
const STRIDE = 2;
/** Beside the best of their surroundings, every so manyth place of that grid along each axis is kept. */
const LATTICE = 3;
/** A pixel's difference of colour (sum of three channels) counts at most so much. */
const WORST = 120;
/** Each sample of the hole is served by so many shifts, where there are as many; a surface has at most so many. */
const SERVED = 3;
const MOST_SHIFTS = 10;
/** A longer way must be better by so much a pixel of the level. */
const LENGTH_COST = 0.1;

/** Hole pixels of a tile that are asked whether a shift serves them; where more than this share of them is not, the tile gets looser ones. */
const LOOSE_SAMPLES = 40;
const LOOSE_SHARE = 0.15;
/** These are tried last. */
const LOOSE_COST = 200;

/** A motion that may explain a part of a hole. */
export interface Candidate {
  shift: SurfaceShift | Reflection;
  /** Mean difference of what surrounds the hole from what it would be copied from. */
  cost: number;
  /** How much of its surface's contrast motions explain, in levels (sum of three channels): high where a strong pattern repeats. */
  explained: number;
  /** The tile, in its columns and rows. */
  column: number;
  row: number;
}

/** The tiles into which a level is divided; what holds in one is tried in those around it, too. */
export interface TileGrid {
  size: number;
  columns: number;
  rows: number;
}

/**
 * Motions along surfaces that bring what surrounds a hole onto something like it: repetitions and what goes on in one direction
 * (after He and Sun, "Statistics of patch offsets for image completion", 2012), for each surface of each tile of the picture.
 * @param probe a coarse level. @param finer the levels below it, coarser first: there the motions are made exact.
 */
export function* findShifts(
  probe: Probe,
  finer: readonly Probe[],
  perspective: Perspective,
): Passes<{ candidates: Candidate[]; tiles: TileGrid }> {
  const { level } = probe;
  const { width, height } = level;
  const { order, origin } = onion(level, REACH);
  const columns = Math.ceil(width / TILE);
  const rows = Math.ceil(height / TILE);
  const tiles = sortByTile(order, width, columns, rows);
  const candidates: Candidate[] = [];
  yield;
  for (let t = 0; t < tiles.length; t++) {
    const holes = tiles[t]!;
    if (holes.length === 0) continue;
    const found: { shift: SurfaceShift; cost: number; explained: number }[] = [];
    for (const part of surfacesOf(probe, holes, origin)) {
      const own = shiftsOf(probe, finer, perspective, part);
      const explained = Math.max(0, part.contrast - Math.min(...own.map(({ cost }) => cost)));
      found.push(...own.map((each) => ({ ...each, explained })));
    }
    const unserved = sampled(holes, LOOSE_SAMPLES).filter((i) => !isServed(probe, found, i));
    if (unserved.length > LOOSE_SAMPLES * LOOSE_SHARE) {
      const loose = looseSurface(probe, unserved, origin);
      for (const each of shiftsOf(probe, finer, perspective, loose)) found.push({ ...each, cost: each.cost + LOOSE_COST, explained: 0 });
    }
    for (const each of found) candidates.push({ ...each, column: t % columns, row: Math.floor(t / columns) });
    if (t % 2 === 0) yield;
  }
  candidates.sort((a, b) => a.cost - b.cost || a.row - b.row || a.column - b.column);
  return { candidates, tiles: { size: TILE * probe.scale, columns, rows } };
}

function sortByTile(order: Int32Array, width: number, columns: number, rows: number): number[][] {
  const tiles: number[][] = Array.from({ length: columns * rows }, () => []);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    tiles[Math.floor(Math.floor(i / width) / TILE) * columns + Math.floor((i % width) / TILE)]!.push(i);
  }
  return tiles;
}

function isServed(probe: Probe, found: readonly { shift: SurfaceShift }[], i: number): boolean {
  const x = probe.x(i);
  const y = probe.y(i);
  let count = 0;
  for (const { shift } of found) {
    if (!probe.isOn(shift, i, x, y)) continue;
    if (probe.source(shift, i, x, y) >= 0 && ++count === 2) return true;
  }
  return false;
}

/** The best motions for a surface: each sample of the hole has a few that serve it. */
function shiftsOf(
  probe: Probe,
  finer: readonly Probe[],
  perspective: Perspective,
  { holes, known, ...surface }: TileSurface,
): { shift: SurfaceShift; cost: number }[] {
  if (holes.length === 0 || known.length < 4) return [];
  const { scale } = probe;
  const hx = holes.map((i) => probe.x(i));
  const hy = holes.map((i) => probe.y(i));
  const kx = known.map((i) => probe.x(i));
  const ky = known.map((i) => probe.y(i));
  const x0 = hx.reduce((a, b) => a + b) / hx.length;
  const y0 = hy.reduce((a, b) => a + b) / hy.length;
  const least = Math.max(1, Math.floor(holes.length * 0.15));
  const side = Math.floor(MOST / STRIDE) * 2 + 1;
  const costs = new Float32Array(side * side).fill(Infinity);
  const costOf = (shift: SurfaceShift, most: number) => {
    let sum = 0;
    let count = 0;
    const stop = most * known.length;
    for (let n = 0; n < known.length; n++) {
      const s = probe.source(shift, known[n]!, kx[n]!, ky[n]!);
      if (s < 0) continue;
      count++;
      sum += Math.min(WORST, probe.difference(known[n]!, s));
      if (sum > stop) return Infinity;
    }
    return count < known.length * 0.3 ? Infinity : sum / count;
  };
  for (let v = 0, n = 0; v < side; v++) {
    for (let u = 0; u < side; u++, n++) {
      const dx = (u * STRIDE - MOST) * scale;
      const dy = (v * STRIDE - MOST) * scale;
      if (dx === 0 && dy === 0) continue;
      const shift = new SurfaceShift(surface, perspective, x0, y0, dx, dy);
      shift.look(x0, y0);
      const q = inverseAt(surface.plane, x0, y0);
      if (shift.inverse < q * 0.5 || shift.inverse > q * 2) continue;
      let served = 0;
      for (let h = 0; h < holes.length && served < least; h++) if (probe.source(shift, holes[h]!, hx[h]!, hy[h]!) >= 0) served++;
      if (served < least) continue;
      costs[n] = costOf(shift, WORST) + (LENGTH_COST * Math.hypot(dx, dy)) / scale;
    }
  }
  const places: number[] = [];
  const others: number[] = [];
  for (let n = 0; n < costs.length; n++) {
    if (costs[n] === Infinity) continue;
    const u = n % side;
    let isLeast = true;
    for (let dv = -1; dv <= 1 && isLeast; dv++) {
      for (let du = -1; du <= 1; du++) {
        const m = n + dv * side + du;
        if (u + du < 0 || u + du >= side || m < 0 || m >= costs.length) continue;
        if (costs[m]! < costs[n]! || (costs[m] === costs[n] && m < n)) isLeast = false;
      }
    }
    if (isLeast) places.push(n);
    else if (u % LATTICE === 0 && Math.floor(n / side) % LATTICE === 0) others.push(n);
  }
  const cheapest = (a: number, b: number) => costs[a]! - costs[b]! || a - b;
  places.sort(cheapest);
  // Where all looks alike there are few least ones.
  places.push(...others.sort(cheapest));
  const count = new Uint8Array(holes.length);
  const chosen: { shift: SurfaceShift; cost: number }[] = [];
  for (const n of places) {
    const dx = ((n % side) * STRIDE - MOST) * scale;
    const dy = (Math.floor(n / side) * STRIDE - MOST) * scale;
    const shift = new SurfaceShift(surface, perspective, x0, y0, dx, dy);
    let isOfUse = false;
    const serves: number[] = [];
    for (let h = 0; h < holes.length; h++) {
      if (probe.source(shift, holes[h]!, hx[h]!, hy[h]!) < 0) continue;
      serves.push(h);
      if (count[h]! < SERVED) isOfUse = true;
    }
    if (!isOfUse) continue;
    for (const h of serves) count[h]!++;
    chosen.push(exact([probe, ...finer], perspective, surface, x0, y0, dx, dy, kx, ky));
    if (chosen.length >= MOST_SHIFTS) break;
  }
  return chosen;
}

/** The best motion near one that was found coarsely, to a pixel. */
function exact(
  probes: readonly Probe[],
  perspective: Perspective,
  surface: NearPlane,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
  kx: number[],
  ky: number[],
): { shift: SurfaceShift; cost: number } {
  let best = { shift: new SurfaceShift(surface, perspective, x0, y0, dx, dy), cost: Infinity };
  for (const probe of probes) {
    const own = kx.map((x, n) => probe.at(x, ky[n]!));
    const [ax, ay] = [dx, dy];
    best.cost = Infinity;
    for (let k = 0; k < 9; k++) {
      const u = ax + ((((k + 4) % 9) % 3) - 1) * probe.scale;
      const v = ay + (Math.floor(((k + 4) % 9) / 3) - 1) * probe.scale;
      const shift = new SurfaceShift(surface, perspective, x0, y0, u, v);
      let sum = 0;
      let count = 0;
      for (let n = 0; n < own.length; n++) {
        if (own[n]! < 0) continue;
        const s = probe.source(shift, own[n]!, kx[n]!, ky[n]!);
        if (s < 0) continue;
        count++;
        sum += Math.min(WORST, probe.difference(own[n]!, s));
      }
      const cost = count === 0 ? WORST : sum / count;
      if (cost >= best.cost) continue;
      best = { shift, cost };
      dx = u;
      dy = v;
    }
  }
  return best;
}
