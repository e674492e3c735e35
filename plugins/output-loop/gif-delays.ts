/** GIF counts in hundredths of a second, and browsers slow anything below two of them down to ten. */
const SHORTEST = 2;

/**
 * How long each frame of a GIF is shown, in hundredths of a second: whole numbers whose sum stays within half of one of the wanted time
 * (30 frames a second are 3, 4, 3, 3, 4 …), so that the loop lasts as long as asked for.
 * @param fps at most 50; what is more is played at 50.
 */
export function gifDelays(frames: number, fps: number): number[] {
  const wanted = Math.max(SHORTEST, 100 / fps);
  return Array.from({ length: frames }, (_, i) => Math.max(SHORTEST, Math.round((i + 1) * wanted) - Math.round(i * wanted)));
}
