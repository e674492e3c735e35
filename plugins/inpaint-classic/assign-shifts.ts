import type { Passes } from 'unflat/plugin';
import type { Candidate, TileGrid } from './find-shifts.ts';
import type { Level } from './level.ts';
import { MaxFlow, SIDES } from './max-flow.ts';
import type { Probe } from './probe.ts';
import { Reflection, flipped, stepped } from './reflection.ts';
import type { AffineDepth } from './surface-shift.ts';

/** Cost of a pixel that stays smooth; beyond the photo's border, where nothing else shows the texture, it is higher. */
const SMOOTH = 90;
const SMOOTH_OPEN = 110;
/** What it costs more where the shape of the surface is not known. */
const LOOSE = 3;
/** What it costs more to show a mirror image: what goes on along a surface is better, where it fits as well. */
const REFLECTED = 20;
/** Share of a pixel's mean colour's difference from the smooth fill's that counts, and the most of it. */
const GUIDE = 0.6;
const MOST_GUIDE = 160;
/** The same beyond the photo's border, where sources are as varied as the photo: another thing's colour must cost more than to stay smooth. */
const GUIDE_OPEN = 1.2;
const MOST_GUIDE_OPEN = 400;
/** Half the side of the window in which what is known beside a hole must go on, and how much a pixel of it counts. */
const WINDOW = 2;
const WINDOW_SHARE = 0.3;
/** A pixel's difference counts at most so much. */
const WORST = 200;
/** What it costs more, a tolerance, to be copied along a plane that lies farther off than another that goes on there, or than a tolerance. */
const OFF_PLANE = 100;
/** The same where the shape is not known, for how much nearer or farther the copied pixel lies, beyond a tolerance. */
const OFF_LOOSE = 30;
/** What a seam costs at least, and a seam one of whose sides cannot be seen. */
const SEAM = 3;
const BLIND = 60;

/** Which motion each hole pixel of a level is copied along. */
export interface Assigned {
  /** Indices of the hole's pixels. */
  order: Int32Array;
  /** Level size: place in `order`, −1 = no hole. */
  node: Int32Array;
  /** For each of `order`: the candidate, −1 = none. */
  label: Int32Array;
}

/**
 * Chooses for each hole pixel the motion along which it is copied, so that copies are large and fit where they meet: a labelling of
 * least cost by α-expansion (Boykov, Veksler and Zabih 2001; for pictures Pritch et al., "Shift-map image editing", 2009).
 * @param probe the level. @param smooth a coarser level with the smooth fill in its holes.
 */
export function* assignShifts(probe: Probe, smooth: Probe, candidates: readonly Candidate[], tiles: TileGrid): Passes<Assigned> {
  const labelling = new Labelling(probe, smooth, candidates, tiles);
  yield;
  for (let a = 0; a < candidates.length; a++) {
    labelling.expand(a);
    if (a % 4 === 3) yield;
  }
  return labelling;
}

class Labelling implements Assigned {
  readonly order: Int32Array;
  readonly node: Int32Array;
  readonly label: Int32Array;
  /** For each node: which axes run backwards in what it shows. */
  readonly #flip: Uint8Array;
  readonly #newFlip: Uint8Array;
  readonly #probe: Probe;
  readonly #smooth: Probe;
  readonly #candidates: readonly Candidate[];
  readonly #tiles: TileGrid;
  readonly #level: Level;
  /** For each node: the pixel that it shows, itself where it stays smooth; what that costs; the same for the motion that is tried. */
  readonly #from: Int32Array;
  readonly #cost: Float32Array;
  readonly #newFrom: Int32Array;
  readonly #newCost: Float32Array;
  /** Place of a node in the graph, −1 = not in it. */
  readonly #place: Int32Array;
  readonly #coarse: Int32Array;
  readonly #isNear: Uint8Array;
  /** For each node: how far off the nearest plane lies that goes on there, in inverse depth; and how much of its contrast motions explain. */
  readonly #off: Float32Array;
  readonly #explained: Float32Array;
  readonly #steps: readonly number[];
  readonly #guide: number;
  readonly #mostGuide: number;
  readonly #flow = new MaxFlow();

  constructor(probe: Probe, smooth: Probe, candidates: readonly Candidate[], tiles: TileGrid) {
    const { level } = probe;
    const { hole, source, width } = level;
    this.#probe = probe;
    this.#smooth = smooth;
    this.#candidates = candidates;
    this.#tiles = tiles;
    this.#level = level;
    this.#guide = probe.isOpen ? GUIDE_OPEN : GUIDE;
    this.#mostGuide = probe.isOpen ? MOST_GUIDE_OPEN : MOST_GUIDE;
    let count = 0;
    for (let i = 0; i < hole.length; i++) count += hole[i]!;
    this.order = new Int32Array(count);
    this.node = new Int32Array(hole.length).fill(-1);
    this.#isNear = new Uint8Array(count);
    this.#coarse = new Int32Array(count);
    for (let i = 0, n = 0; n < count; i++) {
      if (!hole[i]) continue;
      this.order[n] = i;
      this.node[i] = n;
      this.#coarse[n] = smooth.at(probe.x(i), probe.y(i));
      for (let dy = -WINDOW; dy <= WINDOW; dy++)
        for (let dx = -WINDOW; dx <= WINDOW; dx++) if (source[i + dy * width + dx]) this.#isNear[n] = 1;
      n++;
    }
    this.label = new Int32Array(count).fill(-1);
    this.#from = this.order.slice();
    this.#flip = new Uint8Array(count);
    this.#newFlip = new Uint8Array(count);
    this.#cost = new Float32Array(count).fill(probe.isOpen ? SMOOTH_OPEN : SMOOTH);
    this.#newFrom = new Int32Array(count);
    this.#newCost = new Float32Array(count);
    this.#place = new Int32Array(count).fill(-1);
    this.#steps = [1, -1, width, -width];
    this.#explained = new Float32Array(count);
    this.#off = new Float32Array(count).fill(Infinity);
    this.#findPlanes();
  }

  /** Sets `#off`, and beyond the border `#explained` and what it costs to stay smooth: a strong pattern that is known to repeat must not. */
  #findPlanes(): void {
    const least = this.#off;
    const seen = new Set<AffineDepth>();
    for (const candidate of this.#candidates) {
      const { shift, explained } = candidate;
      if (shift instanceof Reflection || shift.farther !== undefined || seen.has(shift.plane)) continue;
      seen.add(shift.plane);
      this.#near(candidate, (n, i, x, y) => {
        const off = this.#probe.off(shift, i, x, y);
        if (off >= least[n]!) return;
        least[n] = off;
        // Behind foregrounds what is known is a strip, and along it all that has straight edges is like itself: that explains nothing.
        if (this.#probe.isOpen) this.#explained[n] = explained;
      });
    }
    for (let n = 0; n < least.length; n++) this.#cost[n]! += this.#explained[n]!;
  }

  /** Calls `each` for the nodes of a motion's tile and those around it, a reflection's are all, with their pixels and places. */
  #near({ shift, column, row }: Candidate, each: (n: number, i: number, x: number, y: number) => void): void {
    const { width, height } = this.#level;
    const side = shift instanceof Reflection ? Math.max(width, height) : this.#tiles.size / this.#probe.scale;
    const x1 = Math.min(width, (column + 2) * side);
    const y1 = Math.min(height, (row + 2) * side);
    for (let y = Math.max(0, (row - 1) * side); y < y1; y++) {
      for (let x = Math.max(0, (column - 1) * side), i = y * width + x; x < x1; x++, i++) {
        const n = this.node[i]!;
        if (n >= 0) each(n, i, this.#probe.x(i), this.#probe.y(i));
      }
    }
  }

  /** Lets motion `a` take those pixels for which that lowers the sum of all costs. */
  expand(a: number): void {
    const active = this.#offer(a);
    if (active.length === 0) return;
    const flow = this.#flow;
    const { node, label } = this;
    flow.begin(active.length);
    for (let m = 0; m < active.length; m++) {
      const n = active[m]!;
      const i = this.order[n]!;
      let stays = this.#cost[n]!;
      let goes = this.#newCost[n]!;
      for (let k = 0; k < SIDES; k++) {
        const j = i + this.#steps[k]!;
        const o = node[j]!;
        if (o < 0) continue;
        const p = this.#place[o]!;
        const from = this.#from[o]!;
        if (p < 0) {
          if (label[n] !== label[o]) stays += this.#seam(i, j, this.#from[n]!, from, this.#flip[n]!, this.#flip[o]!);
          if (label[o] !== a) goes += this.#seam(i, j, this.#newFrom[n]!, from, this.#newFlip[n]!, this.#flip[o]!);
        } else if (p > m) {
          const both = label[n] === label[o] ? 0 : this.#seam(i, j, this.#from[n]!, from, this.#flip[n]!, this.#flip[o]!);
          const other = this.#seam(i, j, this.#from[n]!, this.#newFrom[o]!, this.#flip[n]!, this.#newFlip[o]!);
          const self = this.#seam(i, j, this.#newFrom[n]!, from, this.#newFlip[n]!, this.#flip[o]!);
          // both + (self − both)·xₙ − self·xₒ + (other + self − both)·(1 − xₙ)·xₒ
          stays += both;
          goes += self;
          flow.terminal[p]! -= self;
          flow.neighbour[m * SIDES + k] = p;
          flow.neighbour[p * SIDES + (k ^ 1)] = m;
          flow.capacity[m * SIDES + k] = Math.max(0, other + self - both);
        }
      }
      flow.terminal[m]! += goes - stays;
    }
    flow.run();
    for (let m = 0; m < active.length; m++) {
      const n = active[m]!;
      this.#place[n] = -1;
      if (!flow.isOnSinkSide(m)) continue;
      label[n] = a;
      this.#from[n] = this.#newFrom[n]!;
      this.#flip[n] = this.#newFlip[n]!;
      this.#cost[n] = this.#newCost[n]!;
    }
  }

  /** The nodes that motion `a` could take, with what they would then show. */
  #offer(a: number): number[] {
    const candidate = this.#candidates[a]!;
    const { shift } = candidate;
    const probe = this.#probe;
    const active: number[] = [];
    this.#near(candidate, (n, i, x, y) => {
      if (this.label[n] === a || !probe.isOn(shift, i, x, y)) return;
      const s = probe.source(shift, i, x, y);
      if (s < 0) return;
      this.#newFrom[n] = s;
      this.#newFlip[n] = shift.flip;
      this.#newCost[n] = this.#surplus(shift, n, i, s, x, y) + this.#costOf(n, i, s, this.#smooth.at(shift.fromX, shift.fromY), shift.flip);
      this.#place[n] = active.length;
      active.push(n);
    });
    return active;
  }

  /** What a motion costs for its kind, and for leading to pixel `s` of another depth than pixel `i` at (x, y) has. */
  #surplus(shift: Candidate['shift'], n: number, i: number, s: number, x: number, y: number): number {
    if (shift instanceof Reflection) return REFLECTED;
    const { tolerance, farther } = shift;
    if (farther !== undefined) {
      const { disparity } = this.#level;
      return LOOSE + OFF_LOOSE * Math.max(0, Math.abs(disparity[s]! - disparity[i]!) / tolerance - 1);
    }
    return (OFF_PLANE * Math.max(0, this.#probe.off(shift, i, x, y) - Math.min(tolerance, this.#off[n]!))) / tolerance;
  }

  /** What it costs that node `n`, pixel `i`, shows pixel `s`; `c` is where that lies in the coarse level. */
  #costOf(n: number, i: number, s: number, c: number, flip: number): number {
    const { source, width } = this.#level;
    let cost = 0;
    const own = this.#coarse[n]!;
    if (own >= 0 && c >= 0) {
      // A strong pattern may differ from the smooth fill by its own contrast.
      const off = Math.max(0, this.#smooth.difference(own, c) - this.#explained[n]!);
      cost += this.#guide * Math.min(this.#mostGuide, off);
    }
    if (!this.#isNear[n]) return cost;
    let sum = 0;
    for (let dy = -WINDOW; dy <= WINDOW; dy++) {
      for (let dx = -WINDOW; dx <= WINDOW; dx++) {
        const d = dy * width + dx;
        if (!source[i + d]) continue;
        const e = s + flipped(dx, dy, width, flip);
        sum += source[e] ? Math.min(WORST, this.#probe.difference(i + d, e)) : BLIND;
      }
    }
    return cost + WINDOW_SHARE * sum;
  }

  /** What it costs that pixel `i` shows `a` and its neighbour `j` shows `b`, as if each went on beside the other. */
  #seam(i: number, j: number, a: number, b: number, flipA: number, flipB: number): number {
    const { source, hole } = this.#level;
    const beyond = stepped(a, j - i, flipA);
    const before = stepped(b, i - j, flipB);
    const first = source[before] || hole[before] ? Math.min(WORST, this.#probe.difference(a, before)) : BLIND;
    const second = source[beyond] || hole[beyond] ? Math.min(WORST, this.#probe.difference(beyond, b)) : BLIND;
    return SEAM + first + second;
  }
}
