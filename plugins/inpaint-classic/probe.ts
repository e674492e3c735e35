import { PAD, type Level } from './level.ts';
import { Reflection } from './reflection.ts';
import { inverseAt, type SurfaceShift } from './surface-shift.ts';

/** A hole pixel lies so many tolerances off the plane of its surroundings, at most. */
const HOLE_TOLERANCES = 4;

/** What one level of the picture is asked for; positions are full-size pixels. */
export class Probe {
  readonly level: Level;
  readonly scale: number;
  /** Difference of inverse depth up to which a pixel lies on a plane. */
  readonly tolerance: number;
  readonly infinity: number;
  /** Nothing lies before the holes: what is nearer may be copied, too. */
  readonly isOpen: boolean;

  constructor(level: Level, scale: number, tolerance: number, infinity: number, isOpen: boolean) {
    this.isOpen = isOpen;
    this.level = level;
    this.scale = scale;
    this.tolerance = tolerance;
    this.infinity = infinity;
  }

  /** Index of the pixel at a full-size position, −1 = outside. */
  at(x: number, y: number): number {
    const { width, height } = this.level;
    const u = Math.floor((x + 0.5) / this.scale) + PAD;
    const v = Math.floor((y + 0.5) / this.scale) + PAD;
    return u < PAD || v < PAD || u >= width - PAD || v >= height - PAD ? -1 : v * width + u;
  }

  x(i: number): number {
    return ((i % this.level.width) - PAD + 0.5) * this.scale - 0.5;
  }

  y(i: number): number {
    return (Math.floor(i / this.level.width) - PAD + 0.5) * this.scale - 0.5;
  }

  /** The source pixel that a shift gives for pixel `i` at its full-size position, −1 = none that lies on the same surface. */
  source(shift: SurfaceShift | Reflection, i: number, x: number, y: number): number {
    shift.look(x, y);
    const s = this.at(shift.fromX, shift.fromY);
    if (s < 0 || !this.level.source[s]) return -1;
    if (shift instanceof Reflection) return s;
    const { disparity } = this.level;
    const { farther, tolerance } = shift;
    if (farther === undefined) return Math.abs(disparity[s]! + this.infinity - shift.inverse) <= tolerance ? s : -1;
    const nearer = disparity[s]! - disparity[i]!;
    return nearer <= (this.isOpen ? farther : tolerance) && nearer >= -farther ? s : -1;
  }

  /** Whether hole pixel `i`, at a full-size position, belongs to the surface that a shift moves. */
  isOn(shift: SurfaceShift | Reflection, i: number, x: number, y: number): boolean {
    if (shift instanceof Reflection) return true;
    const { tolerance, farther } = shift;
    return this.off(shift, i, x, y) <= (farther ?? HOLE_TOLERANCES * tolerance);
  }

  /** How far off a shift's plane pixel `i` lies, in inverse depth. */
  off({ plane }: SurfaceShift, i: number, x: number, y: number): number {
    return Math.abs(this.level.disparity[i]! + this.infinity - inverseAt(plane, x, y));
  }

  difference(i: number, j: number): number {
    const { rgba } = this.level;
    return (
      Math.abs(rgba[i * 4]! - rgba[j * 4]!) + Math.abs(rgba[i * 4 + 1]! - rgba[j * 4 + 1]!) + Math.abs(rgba[i * 4 + 2]! - rgba[j * 4 + 2]!)
    );
  }
}
