/** Corners of a cell of four pixels, counter-clockwise from the upper left one: column and row. */
export const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
] as const;

/** Point on side `k` of a cell (which runs from corner k to the next): its middle, as the surface of its first or last corner. */
export const half = (k: number, ofLast: boolean): number => 4 + 2 * k + (ofLast ? 1 : 0);

/** The middle of a cell, as the surface of its corner k. */
export const centre = (k: number): number => 12 + k;

/** Torn sides (bit k = side k) when steps below `smallStep` count as joined. */
export function bridged(torn: number, steps: readonly number[], smallStep: number): number {
  let left = torn;
  for (let k = 0; k < 4; k++) if (steps[k]! < smallStep) left &= ~(1 << k);
  return left;
}

/**
 * Triangles of a cell with two or more torn sides: each of its surfaces has its own corners and its part of each torn side, and where more
 * than two meet, its part of the middle. With fewer torn sides it is one surface.
 * @param missing corners (bit k = corner k) that nothing is drawn for; their sides are torn.
 * @param emit gets corners (0..3) and points made by `half` and `centre`, counter-clockwise.
 */
export function splitCell(torn: number, missing: number, emit: (a: number, b: number, c: number) => void): void {
  const sides = [0, 1, 2, 3].filter((k) => torn & (1 << k));
  if (sides.length < 2) {
    emit(0, 1, 3);
    emit(3, 1, 2);
    return;
  }
  const hasMiddle = sides.length > 2 && missing === 0;
  for (const k of sides) {
    const first = (k + 1) & 3;
    if (missing & (1 << first)) continue;
    let corner = first;
    while ((torn & (1 << corner)) === 0) {
      const next = (corner + 1) & 3;
      if (corner !== first) emit(first, corner, next);
      corner = next;
    }
    const [before, after] = [half(k, true), half(corner, false)];
    if (corner !== first) emit(first, corner, after);
    if (hasMiddle) {
      emit(first, after, centre(first));
      emit(first, centre(first), before);
    } else emit(first, after, before);
  }
}
