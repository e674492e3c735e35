import { NOTHING } from '../../core/index.ts';
import { TileSplitter } from './tile-splitter.ts';
import { TileNodes, type SewnLayer } from './tile-nodes.ts';
import { HAS_PIXELS, IS_SOFT, type Tiles } from './tile-states.ts';

/** Finds the surfaces in each tile. */
export function collectNodes(layer: SewnLayer, tiles: Tiles): TileNodes {
  const { width, height, disparity } = layer;
  const { size, columns, rows, state } = tiles;
  const nodes = new TileNodes(tiles, width * height);
  const scratch = new TileSplitter(size);
  for (let ty = 0; ty < rows; ty++) {
    for (let tx = 0; tx < columns; tx++) {
      const t = ty * columns + tx;
      nodes.first[t] = nodes.count;
      if (!(state[t]! & HAS_PIXELS)) continue;
      const x0 = tx * size;
      const y0 = ty * size;
      const x1 = Math.min(x0 + size, width);
      const y1 = Math.min(y0 + size, height);
      if (state[t]! & IS_SOFT) {
        scratch.split(layer, x0, y0, x1, y1, t, nodes);
        continue;
      }
      const n = nodes.add(t, false, NOTHING / 2, -NOTHING / 2);
      for (let c = 0; c < 4; c++) {
        // Whole all around, so the mean of the four pixels that meet at the corner is the surface there.
        const i = (c & 2 ? y1 : y0) * width + (c & 1 ? x1 : x0);
        nodes.corner[n * 4 + c] = (disparity[i]! + disparity[i - 1]! + disparity[i - width]! + disparity[i - width - 1]!) / 4;
        nodes.cornerWeight[n * 4 + c] = 40;
      }
    }
  }
  nodes.first[tiles.state.length] = nodes.count;
  return nodes;
}
