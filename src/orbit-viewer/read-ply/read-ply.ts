import { Fault } from '../fault.ts';
import { MOST_3D } from '../most-3d.ts';
import { plyHeader, type PlyElement, type PlyHeader } from './ply-header.ts';
import { plyValues, type PlyValues } from './ply-values.ts';
import { readSplats, isCompressed, isSplat, type Splats } from './read-splats.ts';

/** A mesh, or points where there are no faces. */
export interface PlyShape {
  kind: 'mesh' | 'points';
  /** Three numbers a vertex, less `centre`. */
  positions: Float32Array<ArrayBuffer>;
  /** What was taken off the positions, so that coordinates of a map keep their precision. */
  centre: [number, number, number];
  /** Four bytes a vertex, sRGB, opaque; absent where the file has no colours. */
  colours?: Uint8Array<ArrayBuffer>;
  /** Three vertices a triangle; absent for points. */
  indices?: Uint32Array<ArrayBuffer>;
  comments: string[];
}

export type Ply = PlyShape | Splats | { kind: 'compressed-splats'; count: number };

/**
 * Reads a PLY file: ASCII, or binary in either byte order. Faces with more than three corners become fans of triangles.
 * Colours: `red green blue` as bytes, 16 bits or 0..1. Alpha is not read, as programs use it for other things.
 * @throws Fault saying what is wrong, before memory is taken for counts that the file cannot hold.
 */
export function readPly(bytes: Uint8Array<ArrayBuffer>): Ply {
  const header = plyHeader(bytes);
  const vertex = header.elements.find(({ name }) => name === 'vertex');
  if (!vertex || !vertex.count) throw new Fault('there is no vertex in it');
  if (vertex.count > MOST_3D.vertices)
    throw new Fault(`it has ${vertex.count} vertices, more than the ${MOST_3D.vertices} that are opened`);
  if (isCompressed(header)) return { kind: 'compressed-splats', count: checkedCompressed(header, vertex, bytes.length) };
  const values = plyValues(bytes, header);
  let shape: Omit<PlyShape, 'kind' | 'comments'> | undefined;
  let indices: Uint32Array<ArrayBuffer> | undefined;
  for (const element of header.elements) {
    values.expect(element);
    if (element === vertex) {
      if (isSplat(vertex)) return readSplats(vertex, values);
      shape = readVertices(vertex, values);
    } else if (element.name === 'face' && element.count) indices = readFaces(element, values, vertex.count);
    else skip(element, values);
    // Nothing that is shown comes after.
    if (shape && (indices || !header.elements.some(({ name, count }) => name === 'face' && count))) break;
  }
  if (!shape) throw new Fault('there is no vertex in it');
  const { comments } = header;
  return indices?.length ? { kind: 'mesh', ...shape, indices, comments } : { kind: 'points', ...shape, comments };
}

function readVertices(vertex: PlyElement, values: PlyValues): Omit<PlyShape, 'kind' | 'comments'> {
  const { count, properties } = vertex;
  const indexOf = (...names: string[]): number => properties.findIndex(({ name, countType }) => !countType && names.includes(name));
  const places = [indexOf('x'), indexOf('y'), indexOf('z')];
  if (places.includes(-1)) throw new Fault('its vertices have no x, y and z');
  const colourPlaces = [indexOf('red', 'r', 'diffuse_red'), indexOf('green', 'g', 'diffuse_green'), indexOf('blue', 'b', 'diffuse_blue')];
  const hasColours = !colourPlaces.includes(-1);
  const scale = colourScale(hasColours ? properties[colourPlaces[0]!]!.type : 'uint8');
  const positions = new Float32Array(3 * count);
  const colours = hasColours ? new Uint8Array(4 * count) : undefined;
  const centre: [number, number, number] = [0, 0, 0];
  const row = new Float64Array(properties.length);
  let kept = 0;
  for (let v = 0; v < count; v++) {
    readRow(vertex, values, row);
    if (v === 0) places.forEach((place, axis) => (centre[axis] = Number.isFinite(row[place]) ? Math.round(row[place]!) : 0));
    for (let axis = 0; axis < 3; axis++) positions[3 * v + axis] = row[places[axis]!]! - centre[axis]!;
    if (Number.isFinite(positions[3 * v]! + positions[3 * v + 1]! + positions[3 * v + 2]!)) kept++;
    // Faces go on counting it.
    else positions.fill(NaN, 3 * v, 3 * v + 3);
    if (!colours) continue;
    for (let channel = 0; channel < 3; channel++)
      colours[4 * v + channel] = Math.min(255, Math.max(0, row[colourPlaces[channel]!]! * scale + 0.5));
    colours[4 * v + 3] = 255;
  }
  if (!kept) throw new Fault('none of its vertices has a place');
  return { positions, centre, ...(colours && { colours }) };
}

/** Makes bytes of a colour's numbers. */
function colourScale(type: string): number {
  if (type === 'float32' || type === 'float64') return 255;
  return type === 'uint16' ? 1 / 257 : 1;
}

function readRow({ properties }: PlyElement, values: PlyValues, row: Float64Array): void {
  for (let p = 0; p < properties.length; p++) {
    const { type, countType } = properties[p]!;
    if (countType) for (let left = listLength(values.next(countType)); left > 0; left--) values.next(type);
    else row[p] = values.next(type);
  }
}

function readFaces(face: PlyElement, values: PlyValues, vertices: number): Uint32Array<ArrayBuffer> {
  const { count, properties } = face;
  const list = properties.findIndex(({ name, countType }) => countType && /ind/i.test(name));
  if (list < 0) {
    skip(face, values);
    return new Uint32Array(0);
  }
  let indices = new Uint32Array(3 * Math.min(count, MOST_3D.triangles));
  let size = 0;
  for (let f = 0; f < count; f++) {
    for (let p = 0; p < properties.length; p++) {
      const { type, countType } = properties[p]!;
      if (!countType) {
        values.next(type);
        continue;
      }
      const corners = listLength(values.next(countType));
      let first = 0;
      let before = 0;
      for (let corner = 0; corner < corners; corner++) {
        const index = values.next(type);
        if (p !== list) continue;
        if (!(index >= 0 && index < vertices)) throw new Fault(`a face names vertex ${index} of ${vertices}`);
        if (corner === 0) first = index;
        else if (corner >= 2) {
          if (size + 3 > 3 * MOST_3D.triangles) throw new Fault(`it has more than the ${MOST_3D.triangles} triangles that are opened`);
          if (size + 3 > indices.length) indices = grown(indices);
          indices[size++] = first;
          indices[size++] = before;
          indices[size++] = index;
        }
        before = index;
      }
    }
  }
  return indices.slice(0, size);
}

function grown(indices: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.min(3 * MOST_3D.triangles, Math.max(96, indices.length * 2)));
  larger.set(indices);
  return larger;
}

function skip({ count, properties }: PlyElement, values: PlyValues): void {
  if (!properties.length) return;
  for (let i = 0; i < count; i++) {
    for (const { type, countType } of properties) {
      for (let left = countType ? listLength(values.next(countType)) : 1; left > 0; left--) values.next(type);
    }
  }
}

function listLength(length: number): number {
  if (!(length >= 0)) throw new Fault('a list in it has a negative length');
  return length;
}

/** Rows of chunks and of packed vertices have fixed sizes, so that the file's length says whether all are there. */
function checkedCompressed(header: PlyHeader, vertex: PlyElement, length: number): number {
  if (header.format !== 'binary_little_endian') throw new Fault('compressed splats are read in little-endian files only');
  const chunks = header.elements.find(({ name }) => name === 'chunk');
  if (!chunks || chunks.count * 256 < vertex.count) throw new Fault('chunks of its splats are missing');
  const bytes = header.elements
    .filter(({ name }) => name !== 'sh')
    .reduce((sum, { count, properties }) => sum + count * properties.length * 4, header.length);
  if (bytes > length) throw new Fault('it is cut off');
  return vertex.count;
}
