import { drawn } from './drawn.ts';
import type { Gpu } from './gpu.ts';

/** A piece is to take this long: the page's own drawing waits for it. */
const PIECE_MS = 25;
/** Triangles of the first piece, and bounds of all. */
const FIRST = 5000;
const LEAST = 3000;
const MOST = 500_000;

/**
 * Where a program stands in for the graphics card, it draws the page too: while it is busy with a scene the
 * page stands still. So a scene is drawn there in pieces, each as large as the last ones' times allow.
 */
export class InPieces {
  readonly #gpu: Gpu;
  #triangles = FIRST;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /**
   * Draws all pieces, waiting whenever they come to what may be drawn in one go.
   * @param start begins, given what says how many triangles a piece may have; yields how many it had.
   * @param bind binds the target, after each wait.
   * @returns false where `isLate` said so, or the context was lost, before the last piece.
   */
  async draw(start: (most: () => number) => Generator<number>, bind: () => void, isLate: () => boolean): Promise<boolean> {
    let drawnNow = 0;
    const pieces = start(() => this.#triangles - drawnNow);
    for (;;) {
      bind();
      const began = performance.now();
      let isLast = false;
      for (drawnNow = 0; drawnNow < this.#triangles && !isLast;) {
        const piece = pieces.next();
        if (piece.done) isLast = true;
        else drawnNow += piece.value;
      }
      if (isLast && drawnNow === 0) return true;
      await drawn(this.#gpu);
      if (isLate() || this.#gpu._gl.isContextLost()) return false;
      if (isLast) return true;
      const ms = performance.now() - began;
      const wish = ms > 1.5 * PIECE_MS ? 0.7 : ms < 0.75 * PIECE_MS ? 1.3 : 1;
      this.#triangles = Math.min(MOST, Math.max(LEAST, Math.round(this.#triangles * wish)));
    }
  }
}
