import type { Layer } from '../../core/index.ts';
import type { Tiles } from './tile-states.ts';

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
