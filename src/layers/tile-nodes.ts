import { NOTHING, type Layer } from '../core/index.ts';
import { TileScratch } from './tile-scratch.ts';
import { HAS_PIXELS, IS_SOFT, type Tiles } from './tile-states.ts';

/** A layer whose steps were taken apart, though nothing may open there. */
export interface SewnLayer extends Layer {
  isSewn?: true;
}

/** What the tiles of one layer hold: a node is one surface in one tile. */
export class TileNodes {
  readonly tiles: Tiles;
  count = 0;
  /** First node of each tile; its nodes follow one another. A whole tile has one, an empty tile none. */
  readonly first: Int32Array;
  /** Node of each layer pixel in soft tiles, plus 1; 0 = none, or a whole tile. */
  readonly of: Int32Array;
  /** Tile of each node. */
  tile: Int32Array;
  /** 1 = a silhouette is near: the node's triangles need the test by disparity. */
  soft: Uint8Array;
  /** Disparities between which a pixel belongs to the node. */
  low: Float32Array;
  high: Float32Array;
  /** Disparity at each corner (4 a node), from the node's own pixels, and how far it can be trusted. */
  corner: Float32Array;
  cornerWeight: Float32Array;

  constructor(tiles: Tiles, pixels: number) {
    const capacity = Math.max(64, Math.ceil(tiles.state.length * 1.2));
    this.tiles = tiles;
    this.first = new Int32Array(tiles.state.length + 1);
    this.of = new Int32Array(pixels);
    this.tile = new Int32Array(capacity);
    this.soft = new Uint8Array(capacity);
    this.low = new Float32Array(capacity);
    this.high = new Float32Array(capacity);
    this.corner = new Float32Array(capacity * 4);
    this.cornerWeight = new Float32Array(capacity * 4);
  }

  add(tile: number, soft: boolean, low: number, high: number): number {
    if (this.count === this.tile.length) this.#double();
    const n = this.count++;
    this.tile[n] = tile;
    this.soft[n] = soft ? 1 : 0;
    this.low[n] = low;
    this.high[n] = high;
    return n;
  }

  #double(): void {
    const twice = <A extends Int32Array | Uint8Array | Float32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    const size = this.tile.length * 2;
    this.tile = twice(this.tile, new Int32Array(size));
    this.soft = twice(this.soft, new Uint8Array(size));
    this.low = twice(this.low, new Float32Array(size));
    this.high = twice(this.high, new Float32Array(size));
    this.corner = twice(this.corner, new Float32Array(size * 4));
    this.cornerWeight = twice(this.cornerWeight, new Float32Array(size * 4));
  }
}

/** Finds the surfaces in each tile. */
export function collectNodes(layer: SewnLayer, tiles: Tiles): TileNodes {
  const { width, height, disparity } = layer;
  const { size, columns, rows, state } = tiles;
  const nodes = new TileNodes(tiles, width * height);
  const scratch = new TileScratch(size);
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
