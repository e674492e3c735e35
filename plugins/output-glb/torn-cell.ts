/** Corners of a cell of four pixels, counter-clockwise from the upper left one: column and row. */
export const CORNERS = [[0, 0], [0, 1], [1, 1], [1, 0]] as const;

/** Point on side `k` of a cell (which runs from corner k to the next): its middle, as the surface of its first or last corner. */
export const half = (k: number, ofLast: boolean): number => 4 + 2 * k + (ofLast ? 1 : 0);

/** Torn sides (bit k = side k) when small steps, and all but the two largest, count as joined. */
export function bridged(torn: number, steps: readonly number[], smallStep: number): number {
  let left = torn;
  for (;;) {
    let smallest = -1;
    let count = 0;
    for (let k = 0; k < 4; k++) {
      if ((left & (1 << k)) === 0) continue;
      count++;
      if (smallest < 0 || steps[k]! < steps[smallest]!) smallest = k;
    }
    if (smallest < 0 || (count <= 2 && steps[smallest]! >= smallStep)) return left;
    left &= ~(1 << smallest);
  }
}

/**
 * Triangles of a cell with two torn sides: each of its two surfaces has its own corners and half
 * of each torn side. With fewer torn sides it is one surface.
 * @param emit gets corners (0..3) and points made by `half`, counter-clockwise.
 */
export function splitCell(torn: number, emit: (a: number, b: number, c: number) => void): void {
  const sides = [0, 1, 2, 3].filter((k) => torn & (1 << k));
  if (sides.length < 2) {
    emit(0, 1, 3);
    emit(3, 1, 2);
    return;
  }
  for (const k of sides) {
    const first = (k + 1) & 3;
    let corner = first;
    while ((torn & (1 << corner)) === 0) {
      const next = (corner + 1) & 3;
      if (corner !== first) emit(first, corner, next);
      corner = next;
    }
    if (corner !== first) emit(first, corner, half(corner, false));
    emit(first, half(corner, false), half(k, true));
  }
}
