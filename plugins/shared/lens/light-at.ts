/** Radii at which a move's plan says how much light is left: smooth enough for a preview. */
const STEPS = 8;

/**
 * Part of the light that is left away from the middle, by the fourth power of a cosine, as in lenses.
 * @param vignette darkness of the corners, 0..1. @param square of the distance from the middle, in parts of the way to a corner.
 */
export function lightAt(vignette: number, square: number): number {
  return 1 / (1 + vignette ** 2 * square) ** 2;
}

/** What a preview of a move through a lens has to know; nothing without one. */
export function previewOf(lens: { vignette: number; places: readonly unknown[] } | undefined): { light?: number[]; note?: string } {
  if (!lens) return {};
  return {
    ...(lens.vignette > 0 && { light: Array.from({ length: STEPS + 1 }, (_, k) => lightAt(lens.vignette, (k / STEPS) ** 2)) }),
    ...(lens.places.length > 1 && { note: 'The blur is drawn only in the saved file.' }),
  };
}
