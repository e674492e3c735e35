/** Steps below this, in disparity a pixel, may be slopes. */
export const STEEP = 0.02;
/** A neighbouring step of at least this share makes a ramp of a step. */
const RAMP_SHARE = 0.25;

/** Share of a map's steep places where depth goes on the same way on one side at least, 0..1: about 0.1 in a rendered map, about 1 in a blurred one. */
export function rampShare(d: Float32Array, width: number, height: number): number {
  let steep = 0;
  let ramps = 0;
  const look = (i: number, step: number) => {
    const jump = d[i + step]! - d[i]!;
    if (Math.abs(jump) < STEEP) return;
    steep++;
    // A step the same way, and steep enough beside this one.
    const least = RAMP_SHARE * jump * jump;
    if ((d[i]! - d[i - step]!) * jump > least || (d[i + 2 * step]! - d[i + step]!) * jump > least) ramps++;
  };
  for (let y = 1; y < height - 2; y += 2) {
    for (let x = 1; x < width - 2; x++) {
      look(y * width + x, 1);
      look(y * width + x, width);
    }
  }
  return steep > 0 ? ramps / steep : 0;
}
