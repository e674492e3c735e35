import type { ModelFile, ModelInput, ModelMask, ModelOutput, ModelRow, ModelSize, TensorType } from '../core/index.ts';
import { finite, integer, list, object, oneOf, optional, orNull, text, wrong } from './fields.ts';

/** Longest side that a model is fed with, in pixels. */
const MOST_PX = 8192;
const TENSOR_TYPES: readonly TensorType[] = ['float32', 'float16', 'uint8', 'int32', 'int64'];
/** The command line's folders keep the row under this name beside the files. */
export const ROW_FILE = 'model.json';

/**
 * Reads a model's row from data of any origin; what it does not know is left out.
 * @param path what messages call it. Default 'row'.
 * @throws TypeError that names the field which is wrong.
 */
export function parseRow(value: unknown, path = 'row'): ModelRow {
  const row = object(path, value);
  const input = inputOf(`${path}.input`, row['input']);
  const constants = optional(`${path}.constants`, row['constants'], constantsOf);
  const files = list(`${path}.files`, row['files'], 1, 64, fileOf);
  const names = new Set(files.map((file) => file.path.toLowerCase()));
  if (names.size !== files.length) throw new TypeError(`${path}.files must have different paths`);
  const kind = oneOf(`${path}.kind`, row['kind'], ['depth', 'inpaint']);
  const output = outputOf(`${path}.output`, row['output']);
  if ((kind === 'inpaint') !== (input.mask !== undefined))
    throw new TypeError(`${path}.input.mask must be there for the kind inpaint, and for no other`);
  if ((kind === 'inpaint') !== (output.meaning === 'colour'))
    throw new TypeError(`${path}.output.meaning must be colour for the kind inpaint, and for no other`);
  return {
    id: modelId(`${path}.id`, row['id']),
    label: text(`${path}.label`, row['label'], 100),
    kind,
    plugin: modelId(`${path}.plugin`, row['plugin']),
    files,
    licence: orNull(`${path}.licence`, row['licence'], (at, licence) => text(at, licence, 100)),
    about: text(`${path}.about`, row['about'], 300),
    quality: oneOf(`${path}.quality`, row['quality'], [1, 2, 3, 4, 5]),
    speed: oneOf(`${path}.speed`, row['speed'], [1, 2, 3, 4, 5]),
    input,
    ...(constants && { constants }),
    output,
    providers: list(`${path}.providers`, row['providers'], 1, 2, (at, provider) => oneOf(at, provider, ['webgpu', 'wasm'])),
    verified: oneOf(`${path}.verified`, row['verified'], ['weights', 'signature']),
  };
}

/**
 * Reads a catalogue: `{ version: 1, models: [row, …] }`.
 * @throws TypeError that names the field which is wrong, or the id that is there twice.
 */
export function parseCatalogue(value: unknown, path = 'catalogue'): ModelRow[] {
  const catalogue = object(path, value);
  if (catalogue['version'] !== 1) throw wrong(`${path}.version`, '1', catalogue['version']);
  const rows = list(`${path}.models`, catalogue['models'], 0, 1000, catalogueRow);
  const ids = new Set<string>();
  for (const [i, { id }] of rows.entries()) {
    if (ids.has(id)) throw new TypeError(`${path}.models[${i}].id must be its own, got ${id} again`);
    ids.add(id);
  }
  return rows;
}

/** Only the catalogue knows which files are built in; a row from elsewhere that says so is read without it. */
function catalogueRow(path: string, value: unknown): ModelRow {
  const row = parseRow(value, path);
  const { embedded } = value as { embedded?: unknown };
  if (embedded === undefined) return row;
  if (embedded !== true) throw wrong(`${path}.embedded`, 'true or absent', embedded);
  for (const [i, { sizeBytes, sha256 }] of row.files.entries()) {
    if (sizeBytes === null || sha256 === null)
      throw new TypeError(`${path}.files[${i}] must have its sizeBytes and sha256: it is built in`);
  }
  return { ...row, embedded };
}

function modelId(path: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) || value.length > 64)
    throw wrong(path, 'an id of lower-case letters, digits and hyphens', value);
  return value;
}

/** It becomes a file in somebody's folder: no way up, no name that a system keeps for itself, none that hides. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.length <= 4 &&
    path.toLowerCase() !== ROW_FILE &&
    parts.every(
      (part) =>
        part !== '' && !/[\\:*?"<>|]/.test(part) && !/^\.|[. ]$|\.part$/i.test(part) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part),
    )
  );
}

function fileOf(path: string, value: unknown): ModelFile {
  const file = object(path, value);
  const name = text(`${path}.path`, file['path']);
  if (!isSafePath(name)) throw wrong(`${path}.path`, 'a plain file name, or one below a folder beside it', name);
  const url = optional(`${path}.url`, file['url'], address);
  const sizeBytes = orNull(`${path}.sizeBytes`, file['sizeBytes'], (at, size) => integer(at, size, 1, 2 ** 40));
  const aboutBytes = optional(`${path}.aboutBytes`, file['aboutBytes'], (at, size) => integer(at, size, 1, 2 ** 40));
  const sha256 = orNull(`${path}.sha256`, file['sha256'], (at, hash) => {
    if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) throw wrong(at, '64 lower-case hexadecimal digits or null', hash);
    return hash;
  });
  const byHand = optional(`${path}.byHand`, file['byHand'], (at, flag) => {
    if (typeof flag !== 'boolean') throw wrong(at, 'true or false', flag);
    return flag;
  });
  return {
    path: name,
    ...(url !== undefined && { url }),
    sizeBytes,
    ...(aboutBytes !== undefined && { aboutBytes }),
    ...(byHand && { byHand }),
    sha256,
  };
}

/** https, or http on this very machine. */
function address(path: string, value: unknown): string {
  const wanted = 'an https address';
  const url = tryUrl(text(path, value, 2000));
  if (!url || url.username || url.password) throw wrong(path, wanted, value);
  const local = url.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !local) throw wrong(path, wanted, value);
  return String(value);
}

function tryUrl(value: string): URL | null {
  try {
    return new URL(value);
  } catch {
    return null;
  }
}

function inputOf(path: string, value: unknown): ModelInput {
  const input = object(path, value);
  const shape = list(`${path}.shape`, input['shape'], 3, 8, (at, axis) =>
    axis === 'height' || axis === 'width' ? axis : integer(at, axis, 1, MOST_PX),
  );
  const mask = optional(`${path}.mask`, input['mask'], maskOf);
  const colours = mask && 'channel' in mask ? 4 : 3;
  for (const axis of ['height', 'width', colours] as const) {
    if (shape.filter((entry) => entry === axis).length !== 1)
      throw wrong(`${path}.shape`, `a list that holds ${typeof axis === 'string' ? `'${axis}'` : axis} once`, JSON.stringify(shape));
  }
  if (shape.some((axis) => typeof axis === 'number' && axis !== 1 && axis !== colours))
    throw wrong(`${path}.shape`, `a list of 1, ${colours}, 'height' and 'width'`, JSON.stringify(shape));
  const three = (at: string, triple: unknown): [number, number, number] => list(at, triple, 3, 3, finite) as [number, number, number];
  const std = three(`${path}.std`, input['std']);
  for (const [i, each] of std.entries()) if (each <= 0) throw wrong(`${path}.std[${i}]`, 'above 0', each);
  const range = list(`${path}.range`, input['range'], 2, 2, finite) as [number, number];
  if (range[0] === range[1]) throw wrong(`${path}.range`, 'two different numbers', range.join());
  return {
    name: orNull(`${path}.name`, input['name'], text),
    type: oneOf(`${path}.type`, input['type'], ['float32', 'float16', 'uint8']),
    shape,
    channels: oneOf(`${path}.channels`, input['channels'], ['rgb', 'bgr']),
    size: sizeOf(`${path}.size`, input['size']),
    resampling: oneOf(`${path}.resampling`, input['resampling'], ['area', 'bilinear', 'bicubic']),
    range,
    mean: three(`${path}.mean`, input['mean']),
    std,
    ...(mask && { mask }),
  };
}

function maskOf(path: string, value: unknown): ModelMask {
  const mask = object(path, value);
  const keep = finite(`${path}.keep`, mask['keep']);
  const fill = finite(`${path}.fill`, mask['fill']);
  if (keep === fill) throw wrong(`${path}.fill`, `another number than keep (${keep})`, fill);
  const under = optional(`${path}.under`, mask['under'], (at, each) => oneOf(at, each, ['guess', 'black', 'grey'] as const));
  const numbers = { keep, fill, ...(under && { under }) };
  if (mask['channel'] !== undefined) return { channel: oneOf(`${path}.channel`, mask['channel'], ['first', 'last']), ...numbers };
  const shape = list(`${path}.shape`, mask['shape'], 2, 8, (at, axis) => oneOf(at, axis, [1, 'height', 'width'] as const));
  for (const axis of ['height', 'width'] as const) {
    if (shape.filter((entry) => entry === axis).length !== 1)
      throw wrong(`${path}.shape`, `a list that holds '${axis}' once`, JSON.stringify(shape));
  }
  return {
    name: orNull(`${path}.name`, mask['name'], text),
    type: oneOf(`${path}.type`, mask['type'], ['float32', 'float16', 'uint8']),
    shape,
    ...numbers,
  };
}

function sizeOf(path: string, value: unknown): ModelSize {
  const size = object(path, value);
  const rule = oneOf(`${path}.rule`, size['rule'], ['fixed', 'short-side', 'long-side', 'area']);
  const px = (name: string): number => integer(`${path}.${name}`, size[name], 1, MOST_PX);
  if (rule === 'fixed') return { rule, width: px('width'), height: px('height') };
  const sized = { rule, px: px('px'), multipleOf: px('multipleOf') };
  if (sized.multipleOf > sized.px) throw wrong(`${path}.multipleOf`, `at most px (${sized.px})`, sized.multipleOf);
  return sized;
}

function outputOf(path: string, value: unknown): ModelOutput {
  const output = object(path, value);
  const range = optional(`${path}.range`, output['range'], (at, pair) => list(at, pair, 2, 2, finite) as [number, number]);
  return {
    name: orNull(`${path}.name`, output['name'], text),
    meaning: oneOf(`${path}.meaning`, output['meaning'], ['disparity', 'depth', 'metric', 'points', 'colour']),
    ...(range && { range }),
  };
}

function constantsOf(path: string, value: unknown): NonNullable<ModelRow['constants']> {
  const entries = Object.entries(object(path, value));
  if (entries.length > 16) throw wrong(path, 'at most 16 inputs', value);
  const read = entries.map(([name, each]) => {
    const at = `${path}.${text(path, name)}`;
    const tensor = object(at, each);
    const type = oneOf(`${at}.type`, tensor['type'], TENSOR_TYPES);
    const dims = list(`${at}.dims`, tensor['dims'], 0, 8, (where, length) => integer(where, length, 1, 4096));
    const count = dims.reduce((product, length) => product * length, 1);
    if (count > 4096) throw wrong(`${at}.dims`, 'axes of at most 4096 numbers together', dims.join());
    const whole = type !== 'float32' && type !== 'float16';
    const data = list(`${at}.data`, tensor['data'], count, count, (where, number) =>
      whole ? integer(where, number, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) : finite(where, number),
    );
    return [name, { type, dims, data }] as const;
  });
  return Object.fromEntries(read);
}
