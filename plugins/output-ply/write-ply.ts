import { fovDeg } from 'unflat/plugin';
import type { Scene } from 'unflat/plugin';
import { LayerGrid } from './grid.ts';
import { AsciiRows } from './ascii-rows.ts';
import { BinaryRows } from './binary-rows.ts';

export interface PlyOptions {
  format: 'binary' | 'ascii';
  shape: 'mesh' | 'points';
  /** Whether what was grown outside the photo is written, too. */
  margin: boolean;
  /** Whether a vertex has an `alpha` property. */
  alpha: boolean;
}

/** Turns vertices and triangles into the bytes or text of a file. */
export interface RowWriter {
  vertices(count: number, positions: Float32Array, colours: Uint8ClampedArray): BlobPart;
  triangles(count: number, indices: Uint32Array): BlobPart;
}

/** How many vertices and triangles a file has. */
export interface PlyCounts {
  vertices: number;
  faces: number;
}

/** Rows are handled this many pixels at a time between two looks at `pause`. */
const PIXELS_A_STEP = 1 << 17;

/**
 * Writes the scene as a PLY file ("The PLY Polygon File Format", G. Turk, 1994).
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 */
export async function writePly(
  scene: Scene,
  options: PlyOptions,
  pause: (fraction: number) => Promise<void>,
): Promise<{ blob: Blob; counts: PlyCounts }> {
  const grids = scene.layers.map((layer) => new LayerGrid(scene, layer, options.margin));
  const mesh = options.shape === 'mesh';
  const widest = Math.max(1, ...grids.map((grid) => grid.columns));
  const pixels = grids.reduce((sum, grid) => sum + grid.columns * grid.rows, 0);
  const passes = mesh ? 3 : 2;
  let seen = 0;
  let sincePause = 0;
  const step = async (count: number): Promise<void> => {
    seen += count;
    sincePause += count;
    if (sincePause < PIXELS_A_STEP) return;
    sincePause = 0;
    await pause(Math.min(1, seen / (pixels * passes)));
  };

  const positions = new Float32Array(3 * widest);
  const colours = new Uint8ClampedArray(4 * widest);
  const indices = new Uint32Array(6 * widest);
  const counts: PlyCounts = { vertices: 0, faces: 0 };

  // A header comes before what it counts, and to count again is cheaper than to keep 100 MB.
  for (const grid of grids) {
    let next = grid.rows > 0 ? grid.startTriangles(counts.vertices) : counts.vertices;
    for (let y = 0; y + 1 < grid.rows; y++) {
      const row = grid.readTriangles(y, next, indices);
      next = row.next;
      if (mesh) counts.faces += row.count;
      await step(grid.columns);
    }
    counts.vertices = next;
  }

  const rows: RowWriter = options.format === 'ascii' ? new AsciiRows(options.alpha) : new BinaryRows(options.alpha);
  const parts: BlobPart[] = [header(scene, options, counts)];
  for (const grid of grids) {
    for (let y = 0; y < grid.rows; y++) {
      const count = grid.readVertices(y, positions, colours);
      if (count > 0) parts.push(rows.vertices(count, positions, colours));
      await step(grid.columns);
    }
  }
  if (mesh) {
    let first = 0;
    for (const grid of grids) {
      let next = grid.rows > 0 ? grid.startTriangles(first) : first;
      for (let y = 0; y + 1 < grid.rows; y++) {
        const row = grid.readTriangles(y, next, indices);
        next = row.next;
        if (row.count > 0) parts.push(rows.triangles(row.count, indices));
        await step(grid.columns);
      }
      first = next;
    }
  }
  return { blob: new Blob(parts, { type: 'application/octet-stream' }), counts };
}

function header(scene: Scene, options: PlyOptions, counts: PlyCounts): string {
  const { lens, width, height } = scene;
  const longer = Math.max(width, height);
  const lines = [
    'ply',
    options.format === 'ascii' ? 'format ascii 1.0' : 'format binary_little_endian 1.0',
    'comment made by Unflat',
    // Headers are ASCII, and a line break in a name would end the comment.
    `comment photo ${scene.name.replace(/[^ -~]/g, '?')}`,
    `comment W ${width}`,
    `comment H ${height}`,
    `comment hFov ${fovDeg(width / longer, lens.fx).toFixed(4)} degrees`,
    `comment vFov ${fovDeg(height / longer, lens.fy).toFixed(4)} degrees`,
    `comment near ${lens.near} far ${lens.far}`,
    `comment layers ${scene.layers.length}`,
    'comment x right, y up, the camera at the origin looks along -z',
    `element vertex ${counts.vertices}`,
    'property float x',
    'property float y',
    'property float z',
    'property uchar red',
    'property uchar green',
    'property uchar blue',
  ];
  if (options.alpha) lines.push('property uchar alpha');
  if (options.shape === 'mesh') lines.push(`element face ${counts.faces}`, 'property list uchar int vertex_indices');
  lines.push('end_header');
  return `${lines.join('\n')}\n`;
}
