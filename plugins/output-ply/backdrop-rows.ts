import { inverseDepth } from 'unflat/plugin';
import type { Backdrop } from 'unflat/plugin';

/** The backdrop read as vertices and triangles, row after row: a vertex a pixel of it, in the photo's camera. */
export class BackdropRows {
  readonly rows: number;
  readonly columns: number;
  readonly #backdrop: Backdrop;
  readonly #longer: number;
  readonly #cameraZ: number;

  /**
   * @param longer longer side of the photo in pixels.
   * @param cameraZ where the photo's camera is.
   */
  constructor(backdrop: Backdrop, longer: number, cameraZ: number) {
    this.rows = backdrop.layer.height;
    this.columns = backdrop.layer.width;
    this.#backdrop = backdrop;
    this.#longer = longer / backdrop.step;
    this.#cameraZ = cameraZ;
  }

  get vertices(): number {
    return this.rows * this.columns;
  }

  get faces(): number {
    return 2 * (this.rows - 1) * (this.columns - 1);
  }

  /** Reads row `y`'s vertices. @returns how many there are. */
  readVertices(y: number, positions: Float32Array, colours: Uint8ClampedArray): number {
    const { layer, lens } = this.#backdrop;
    for (let x = 0; x < this.columns; x++) {
      const i = y * this.columns + x;
      const distance = 1 / inverseDepth(lens, layer.disparity[i]!);
      positions[3 * x] = (((x + 0.5 - layer.margin) / this.#longer - lens.cx) / lens.fx) * distance;
      positions[3 * x + 1] = (-((y + 0.5 - layer.margin) / this.#longer - lens.cy) / lens.fy) * distance;
      positions[3 * x + 2] = this.#cameraZ - distance;
      for (let c = 0; c < 4; c++) colours[4 * x + c] = layer.rgba[4 * i + c]!;
    }
    return this.columns;
  }

  /** Reads the triangles between rows `y` and `y + 1`. @param first number of the backdrop's first vertex. @returns how many there are. */
  readTriangles(y: number, first: number, indices: Uint32Array): number {
    for (let x = 0; x + 1 < this.columns; x++) {
      const a = first + y * this.columns + x;
      indices.set([a, a + this.columns, a + 1, a + 1, a + this.columns, a + this.columns + 1], 6 * x);
    }
    return 2 * (this.columns - 1);
  }
}
