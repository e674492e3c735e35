import { backdropOf, fovDeg, reliefOf } from 'unflat/plugin';
import type { Relief, Scene } from 'unflat/plugin';
import { AsciiRows } from './ascii-rows.ts';
import { BackdropRows } from './backdrop-rows.ts';
import { BinaryRows } from './binary-rows.ts';
import { GrowingBlob } from './growing-blob.ts';
import { SceneRows } from './scene-rows.ts';

export interface PlyOptions {
  format: 'binary' | 'ascii';
  shape: 'mesh' | 'points';
  /** Whether what was grown outside the photo is written, too. */
  margin: boolean;
  /** Whether the depth is made compact, and the scene put at the origin; else distances are as estimated and the camera is at the origin. */
  relief: boolean;
  /** Whether a vertex has an `alpha` property. */
  alpha: boolean;
}

/** Turns vertices and triangles into the bytes or text of a file. */
export interface RowWriter {
  vertices(count: number, positions: Float32Array, colours: Uint8ClampedArray): ArrayBuffer | Uint8Array<ArrayBuffer>;
  triangles(count: number, indices: Uint32Array): ArrayBuffer | Uint8Array<ArrayBuffer>;
}

/** How many vertices and triangles a file has. */
export interface PlyCounts {
  vertices: number;
  faces: number;
}

/** So many pixels are handled between two looks at `pause`. */
const PIXELS_A_STEP = 1 << 18;

/**
 * Writes the scene as a PLY file ("The PLY Polygon File Format", G. Turk, 1994). A mesh with a relief gets a smooth surface behind it all.
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 */
export async function writePly(
  scene: Scene,
  options: PlyOptions,
  pause: (fraction: number) => Promise<void>,
): Promise<{ blob: Blob; counts: PlyCounts }> {
  const relief = options.relief ? reliefOf(scene) : { lens: scene.lens, centre: 0, scale: 1 };
  const rows = new SceneRows({ ...scene, lens: relief.lens }, options.margin, relief.centre);
  const mesh = options.shape === 'mesh';
  const backdrop = mesh && options.relief ? backdropOf(scene, relief.lens, options.margin) : undefined;
  const behind = backdrop && new BackdropRows(backdrop, Math.max(scene.width, scene.height), relief.centre);
  const passes = mesh ? 4 : 2;
  const rowsAStep = Math.max(1, Math.round(PIXELS_A_STEP / (rows.columns * Math.max(1, rows.layers.length))));
  let seen = 0;
  const step = async (): Promise<void> => {
    if (++seen % rowsAStep === 0) await pause(Math.min(1, seen / (rows.rows * passes)));
  };

  const positions = new Float32Array(3 * rows.mostVertices);
  const colours = new Uint8ClampedArray(4 * rows.mostVertices);
  const indices = new Uint32Array(3 * rows.mostTriangles);

  /** Reads all triangles; answers how many pixels have a vertex. */
  const readTriangles = async (firstExtra: number, take: (count: number) => void): Promise<number> => {
    let next = rows.startTriangles(firstExtra);
    for (let y = 0; y + 1 < rows.rows; y++) {
      const row = rows.readTriangles(y, next, indices);
      next = row.next;
      if (row.count > 0) take(row.count);
      await step();
    }
    return next;
  };

  // A header comes before what it counts, and to count again is cheaper than to keep 100 MB.
  let faces = 0;
  const pixels = await readTriangles(0, (count) => (faces += count));
  const own = pixels + rows.nextExtra;
  const counts: PlyCounts = mesh
    ? { vertices: own + (behind?.vertices ?? 0), faces: faces + (behind?.faces ?? 0) }
    : { vertices: pixels, faces: 0 };

  const writer: RowWriter = options.format === 'ascii' ? new AsciiRows(options.alpha) : new BinaryRows(options.alpha);
  const file = new GrowingBlob();
  file.add(header(scene, relief, options, counts, behind !== undefined));
  const addVertices = (count: number): void => {
    if (count > 0) file.add(writer.vertices(count, positions, colours));
  };
  for (let y = 0; y < rows.rows; y++) {
    addVertices(rows.readVertices(y, positions, colours));
    await step();
  }
  if (mesh) {
    rows.startExtras();
    for (let y = 0; y < rows.rows; y++) {
      addVertices(rows.readExtras(y, positions, colours));
      await step();
    }
    for (let y = 0; y < (behind?.rows ?? 0); y++) addVertices(behind!.readVertices(y, positions, colours));
    await readTriangles(pixels, (count) => file.add(writer.triangles(count, indices)));
    for (let y = 0; y + 1 < (behind?.rows ?? 0); y++) file.add(writer.triangles(behind!.readTriangles(y, own, indices), indices));
  }
  return { blob: file.finish('application/octet-stream'), counts };
}

function header(scene: Scene, { lens, centre }: Relief, options: PlyOptions, counts: PlyCounts, hasBackdrop: boolean): string {
  const { width, height } = scene;
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
    ...(lens === scene.lens ? [] : [`comment relief of near ${scene.lens.near} far ${scene.lens.far}`]),
    'comment units are those of near and far; metres only if the depth was given in metres',
    `comment layers ${scene.layers.length}${hasBackdrop ? ' and a backdrop behind them all, whose vertices and faces come last' : ''}`,
    `comment x right, y up, the camera at 0 0 ${centre} looks along -z`,
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
