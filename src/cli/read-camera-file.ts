import { basename, extname } from 'node:path';
import type { Camera, Eyebox, Lens } from '../core/index.ts';
import { UsageError } from './cli-error.ts';
import { readNamedText } from './read-named-text.ts';

/** A camera to render, and the name of its picture. */
export interface View {
  /** File name without folders, always `.png`. */
  file: string;
  camera: Camera;
}

/** What a camera file says: the photo's exact lens, its aspect, and the views. */
export interface CameraFile {
  /** Size in pixels for which the file was written; the photo must have this aspect. */
  width: number;
  height: number;
  lens: Lens;
  /** Just large enough for all views. */
  eyebox: Eyebox;
  views: View[];
}

/**
 * Reads a camera file: width, height, fx, fy, cx, cy in pixels, near, far;
 * views: `[{ file, c2w (4×4, rows), fx, fy, cx, cy, width, height }]`, of which all but file and c2w may be left out.
 * @throws UsageError naming file, field and reason.
 */
export function readCameraFile(path: string): CameraFile {
  const text = readNamedText(path, '--cameras');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path}: is not JSON (${reasonOf(cause)}); see the README for a camera file.`, { cause });
  }
  return parseCameras(json, path);
}

/** As {@link readCameraFile}, from parsed JSON; `path` is for the messages. */
export function parseCameras(json: unknown, path: string): CameraFile {
  const top = new Fields(json, path, '');
  const size = { width: top.size('width'), height: top.size('height') };
  const longer = Math.max(size.width, size.height);
  const [fx, fy] = [top.positive('fx'), top.positive('fy', top.positive('fx'))];
  const [cx, cy] = [top.number('cx', size.width / 2), top.number('cy', size.height / 2)];
  const [near, far] = [top.positive('near'), top.positive('far')];
  if (far <= near) throw top.error('far', `must be larger than near (${near}), got ${far}`);
  const views = top.list('views').map((value, index): View => {
    const view = new Fields(value, path, `views[${index}].`);
    const width = view.size('width', size.width);
    const height = view.size('height', size.height);
    const same = width === size.width && height === size.height;
    // A view of another size without a centre of its own looks through its own middle.
    const centre = same ? [cx, cy] : [width / 2, height / 2];
    const camera: Camera = {
      width,
      height,
      fx: view.positive('fx', fx),
      fy: view.positive('fy', view.has('fx') ? view.positive('fx') : fy),
      cx: view.number('cx', centre[0]),
      cy: view.number('cy', centre[1]),
      c2w: view.pose('c2w'),
    };
    const name = basename(view.text('file').replaceAll('\\', '/'));
    return { file: `${name.slice(0, name.length - extname(name).length)}.png`, camera };
  });
  const seen = new Set<string>();
  for (const { file } of views) {
    if (seen.has(file.toLowerCase())) throw top.error('views', `two views would be written to ${file}; give them different file names`);
    seen.add(file.toLowerCase());
  }
  const reach = (axis: number) => views.reduce((most, { camera }) => Math.max(most, Math.abs(camera.c2w[axis] ?? 0)), 0);
  return {
    ...size,
    lens: { fx: fx / longer, fy: fy / longer, cx: cx / longer, cy: cy / longer, near, far },
    eyebox: { x: reach(3), y: reach(7), z: reach(11) },
    views,
  };
}

/** Largest side of a view: what a texture on any machine takes. */
const MAX_SIZE = 8192;

/** The fields of one JSON object, each checked as it is read. */
class Fields {
  readonly #values: Record<string, unknown>;
  readonly #path: string;
  readonly #prefix: string;

  constructor(value: unknown, path: string, prefix: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`${path}: ${prefix ? prefix.slice(0, -1) : 'the file'} must be an object.`);
    }
    this.#values = value as Record<string, unknown>;
    this.#path = path;
    this.#prefix = prefix;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  error(name: string, reason: string): UsageError {
    return new UsageError(`${this.#path}: ${this.#prefix}${name} ${reason}.`);
  }

  number(name: string, fallback?: number): number {
    const value = this.#values[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.error(name, `must be a number, got ${show(value)}`);
    return value;
  }

  positive(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    if (value <= 0) throw this.error(name, `must be above 0, got ${value}`);
    return value;
  }

  size(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    if (!Number.isInteger(value) || value < 1 || value > MAX_SIZE)
      throw this.error(name, `must be a whole number of pixels from 1 to ${MAX_SIZE}, got ${value}`);
    return value;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== 'string' || basename(value) === '') throw this.error(name, `must be a file name, got ${show(value)}`);
    return value;
  }

  list(name: string): unknown[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value)) throw this.error(name, `must be a list, got ${show(value)}`);
    return value;
  }

  /** A rigid motion as 16 numbers in rows. */
  pose(name: string): number[] {
    const rows: unknown = this.#values[name];
    const flat: unknown[] = Array.isArray(rows) ? rows.flat() : [];
    const matrix = flat.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
    if (flat.length !== 16 || matrix.length !== 16) throw this.error(name, 'must be 4 rows of 4 numbers');
    const at = (row: number, column: number) => matrix[row * 4 + column] ?? 0;
    const last = [0, 1, 2, 3].every((column) => Math.abs(at(3, column) - (column === 3 ? 1 : 0)) < 1e-6);
    const rigid = [0, 1, 2].every((a) =>
      [0, 1, 2].every((b) => Math.abs(at(a, 0) * at(b, 0) + at(a, 1) * at(b, 1) + at(a, 2) * at(b, 2) - (a === b ? 1 : 0)) < 1e-3),
    );
    if (!last || !rigid) throw this.error(name, 'must be a rotation and a shift: orthonormal axes, last row 0 0 0 1');
    return matrix;
  }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
