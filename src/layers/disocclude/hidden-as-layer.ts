import type { Layer } from '../../core/index.ts';
import { joinByDisparity } from '../surface/join-by-disparity.ts';
import { OPAQUE } from '../surface/opaque.ts';
import type { HiddenLayer } from './hidden-layer.ts';

/** A hidden layer and its holes. */
export interface HoledLayer {
  layer: Layer;
  holes: { hole: Uint8Array; count: number };
}

/**
 * A hidden surface as a layer, its holes with the first guess of their colours. In place: where a colour comes from
 * becomes the colour, and what is a ring is no hole.
 * @param front layer 0. @param perDisparity pixels of parallax a unit of disparity, for each layer pixel.
 */
export function hiddenAsLayer(hidden: HiddenLayer, front: Layer, perDisparity: Float32Array): HoledLayer {
  const { width, height, margin } = front;
  const visible = new Uint32Array(front.rgba.buffer);
  const colours = new Uint32Array(hidden.from.buffer);
  const hole = hidden.state;
  let count = 0;
  for (let n = 0; n < hidden.pixels.length; n++) {
    const i = hidden.pixels[n]!;
    if (hole[i] === 1) {
      colours[i] = visible[colours[i]!]! | OPAQUE;
      count++;
    } else {
      colours[i] = visible[i]! | OPAQUE;
      hole[i] = 0;
    }
  }
  const joins = joinByDisparity(hidden.disparity, hidden.pixels, perDisparity, width, hidden.isFallback ? Infinity : undefined);
  return {
    layer: { width, height, margin, rgba: new Uint8ClampedArray(colours.buffer), disparity: hidden.disparity, joins },
    holes: { hole, count },
  };
}
