import type { Camera, OptionValues, Scene } from 'unflat/plugin';
import { shotOf, type ShotOptions } from '../moves/shot.ts';
import { apertureOf, type Aperture } from './aperture-of.ts';
import { lensWish } from './lens-options.ts';

/** Parts of the movement that are tried, so that there is room for blur beside it. */
const MOVEMENTS = [1, 0.75, 0.5, 0.25];
/** With this part of the wished blur no movement is given up for more. */
const ENOUGH = 0.5;
/** What less movement has to bring at least, in parts of the wished blur. */
const WORTH_IT = 0.1;

/** A move's cameras, and the lens that they look through. */
export interface Film {
  cameras: Camera[];
  /** Part of the movement asked for, 0..1. */
  shrunkBy: number;
  lens: Aperture | undefined;
}

/**
 * A move through the lens that the options ask for. Camera and lens share what was filled in behind edges and around the photo: where the
 * move leaves too little of it for the blur, the move gets smaller.
 * @throws as shotOf.
 */
export function filmOf(move: string, scene: Scene, shot: ShotOptions, options: OptionValues): Film {
  const wish = lensWish(options);
  let best: Film | undefined;
  for (const movement of MOVEMENTS) {
    const { cameras, shrunkBy } = shotOf(move, scene, { ...shot, amount: shot.amount * movement });
    const lens = wish && apertureOf(scene, cameras, wish, shot.focus);
    const film: Film = { cameras, shrunkBy: movement * shrunkBy, lens };
    if (!best?.lens || !lens || lens.part >= best.lens.part + WORTH_IT) best = film;
    if (!lens || lens.part >= ENOUGH) break;
  }
  return best!;
}
