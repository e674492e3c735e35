import { Fault } from '../fault.ts';

export type PlyType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64';

export const TYPE_BYTES: Readonly<Record<PlyType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

const TYPES: Readonly<Record<string, PlyType>> = {
  char: 'int8',
  uchar: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  int: 'int32',
  uint: 'uint32',
  float: 'float32',
  double: 'float64',
  ...Object.fromEntries(Object.keys(TYPE_BYTES).map((type) => [type, type as PlyType])),
};

export interface PlyProperty {
  name: string;
  type: PlyType;
  /** Set for a list: the type of the number of values in front of them. */
  countType?: PlyType;
}

export interface PlyElement {
  name: string;
  count: number;
  properties: PlyProperty[];
}

export interface PlyHeader {
  format: 'ascii' | 'binary_little_endian' | 'binary_big_endian';
  elements: PlyElement[];
  comments: string[];
  /** Bytes before the first element. */
  length: number;
}

/** Longest header, in bytes, and most properties of an element that are read: splats have about 65. */
const MOST_HEADER = 65_536;
const MOST_PROPERTIES = 256;

/** Reads what a PLY file says of itself; counts are as they stand there. @throws Fault where it is no such file. */
export function plyHeader(bytes: Uint8Array): PlyHeader {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, MOST_HEADER));
  const end = /(?:^|[\r\n])end_header[ \t]*(?:\r\n|\n|\r)/.exec(text);
  if (!/^ply[ \t]*[\r\n]/.test(text)) throw new Fault('it does not begin as a PLY file');
  if (!end) throw new Fault('its header does not end: the file is cut off or damaged');
  const elements: PlyElement[] = [];
  const comments: string[] = [];
  let format: PlyHeader['format'] | undefined;
  for (const line of text.slice(0, end.index).split(/\r\n|\n|\r/)) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === 'comment') comments.push(line.trim().slice('comment'.length).trim());
    else if (word === 'format') format = formatOf(rest[0]);
    else if (word === 'element') elements.push(elementOf(rest));
    else if (word === 'property') addProperty(elements.at(-1), rest);
  }
  if (!format) throw new Fault('its header names no format');
  return { format, elements, comments, length: end.index + end[0].length };
}

function formatOf(name: string | undefined): PlyHeader['format'] {
  if (name === 'ascii' || name === 'binary_little_endian' || name === 'binary_big_endian') return name;
  throw new Fault(`its format “${(name ?? '').slice(0, 40)}” is not known`);
}

function elementOf([name = '', count = '']: readonly string[]): PlyElement {
  if (!/^\d{1,15}$/.test(count)) throw new Fault(`its header says no number of “${name.slice(0, 40)}”`);
  return { name, count: Number(count), properties: [] };
}

function addProperty(element: PlyElement | undefined, [type = '', ...rest]: readonly string[]): void {
  if (!element) throw new Fault('its header has a property before any element');
  if (element.properties.length >= MOST_PROPERTIES) throw new Fault(`its header has more than ${MOST_PROPERTIES} properties`);
  const [countType, valueType = '', name = ''] = type === 'list' ? rest : [undefined, type, rest[0]];
  element.properties.push({ name, type: typeOf(valueType), ...(countType !== undefined && { countType: typeOf(countType) }) });
}

function typeOf(name: string): PlyType {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (!type) throw new Fault(`its header has a value of the unknown type “${name.slice(0, 40)}”`);
  return type;
}
