/** So many halvings find the part within 1 %. */
const HALVINGS = 7;

/** The largest part, 0..1, that fits, where less fits better; 1 where nothing fits, as less is then no help. */
export function largestPart(fits: (part: number) => boolean): number {
  if (fits(1) || !fits(0)) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
