import type { Layer } from '../../core/index.ts';
import { putColours, type LayerHoles } from './grown-layers.ts';

/** What a soft silhouette shows of the surface behind it; see matte. */
interface SoftEdge {
  at: Int32Array;
  behind: Uint32Array;
  disparity: Float32Array;
  tolerance: Float32Array;
}

/** Those pixels of a hidden layer's holes that the photo shows through a soft silhouette get the colour that it shows, and keep it. Changes both. */
export function keepSeenThrough({ disparity, rgba }: Layer, holes: LayerHoles, soft: SoftEdge): void {
  const { hole } = holes;
  const own: number[] = [];
  for (let n = 0; n < soft.at.length; n++) {
    const i = soft.at[n]!;
    if (hole[i] === 1 && soft.behind[n] !== 0 && Math.abs(disparity[i]! - soft.disparity[n]!) < soft.tolerance[n]!) own.push(n);
  }
  holes.seen = { at: Int32Array.from(own, (n) => soft.at[n]!), colour: Uint32Array.from(own, (n) => soft.behind[n]!) };
  putColours(new Uint32Array(rgba.buffer), holes.seen);
}
