import { UnflatError } from '../../core/index.ts';
import { isGlb, pictureSize, readGlb } from '../../scene-file/index.ts';
import { Fault } from '../fault.ts';
import { KNOWN_EXTENSIONS, checkExtensions, checkGltf, type GltfCounts } from './check-gltf.ts';
import { countOf, isJson, listOf, pointedAt, type Json } from './list-of.ts';

/** A file that brings all it needs. */
export interface PackedGltf extends GltfCounts {
  /** As binary glTF, without a single address in it. */
  glb: Uint8Array<ArrayBuffer>;
}

const MOST_TEXT_BYTES = 2 ** 26;
const MOST_PICTURES = 4096;
/** Largest picture, in pixels a side and in all; and all pictures together, of which each pixel takes 4 bytes and more. */
const PICTURE = { sidePx: 16_384, pixels: 2 ** 27, together: 2 ** 28 };

/**
 * Makes one checked binary file of a glTF file and what it refers to, so that whoever loads it has nothing to fetch.
 * Animations and cameras are left out: the view has its own camera and stands still.
 * @param companions files that came along; found by their names, whatever folder the address names.
 * @throws Fault, or UnflatError `unsupported` naming files that are missing.
 */
export async function packGltf(file: File, companions: readonly File[]): Promise<PackedGltf> {
  const { json, binary } = await read(file);
  const asset = json['asset'];
  if (!isJson(asset) || !String(asset['version']).startsWith('2.')) throw new Fault('it is not glTF version 2');
  checkExtensions(json, file.name);
  const images = listOf(json, 'images');
  if (images.length > MOST_PICTURES) throw new Fault(`it has more than the ${MOST_PICTURES} pictures that are opened`);
  const found = findFiles(json, file.name, companions);
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (bytes: Uint8Array): number => {
    const at = length;
    parts.push(bytes);
    const padding = (4 - (bytes.length % 4)) % 4;
    if (padding) parts.push(new Uint8Array(padding));
    length += bytes.length + padding;
    return at;
  };

  const starts: number[] = [];
  const sizes: number[] = [];
  for (const [index, buffer] of listOf(json, 'buffers').entries()) {
    const size = countOf(buffer, 'byteLength');
    const bytes = buffer['uri'] === undefined && index === 0 ? binary : await bytesOf(buffer['uri'], found);
    if (bytes.length < size) throw new Fault(`it is cut off: of ${size} bytes of data ${bytes.length} are there`);
    starts.push(add(bytes.subarray(0, size)));
    sizes.push(size);
  }
  const views = listOf(json, 'bufferViews');
  for (const view of views) {
    const buffer = countOf(view, 'buffer');
    const offset = countOf(view, 'byteOffset', 0);
    if (buffer >= starts.length || offset + countOf(view, 'byteLength') > sizes[buffer]!)
      throw new Fault('a part of it lies outside of its data');
    view['byteOffset'] = starts[buffer]! + offset;
    view['buffer'] = 0;
  }
  let pixels = 0;
  for (const image of images) {
    if (image['uri'] !== undefined) {
      const bytes = await bytesOf(image['uri'], found);
      image['bufferView'] = views.length;
      views.push({ buffer: 0, byteOffset: add(bytes), byteLength: bytes.length });
      delete image['uri'];
    }
    const view = pointedAt(views, image['bufferView'], 'the picture data');
    const picture = checkPicture(joined(parts, countOf(view, 'byteOffset', 0), countOf(view, 'byteLength')));
    image['mimeType'] = picture.type;
    pixels += picture.pixels;
    if (pixels > PICTURE.together)
      throw new Fault(
        `its pictures have more than the ${Math.round(PICTURE.together / 1e6)} million pixels that are opened together`,
        'In a 3D program, make its textures smaller.',
      );
  }
  json['bufferViews'] = views;
  json['buffers'] = [{ byteLength: length }];
  dropUnknown(json);
  for (const name of ['animations', 'cameras']) delete json[name];
  for (const node of listOf(json, 'nodes')) delete node['camera'];
  const data = joined(parts, 0, length);
  const counts = checkGltf(json, data);
  return { ...counts, glb: glbOf(json, data) };
}

/** What the loader here does not know, and the file does not require, it shall not look at. */
function dropUnknown(json: Json): void {
  const used = json['extensionsUsed'];
  if (Array.isArray(used)) json['extensionsUsed'] = used.filter((name) => KNOWN_EXTENSIONS.includes(String(name)));
  for (const { extensions } of [json, ...listOf(json, 'materials'), ...listOf(json, 'textures'), ...listOf(json, 'nodes')]) {
    if (!isJson(extensions)) continue;
    for (const name of Object.keys(extensions)) if (!KNOWN_EXTENSIONS.includes(name)) delete extensions[name];
  }
}

async function read(file: File): Promise<{ json: Json; binary: Uint8Array }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isGlb(bytes)) return readGlb(bytes);
  if (bytes.length > MOST_TEXT_BYTES) throw new Fault('its description is too long');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Fault('it is neither a GLB file nor JSON: it is cut off or damaged');
  }
  if (!isJson(json)) throw new Fault('it is JSON, but not a glTF file');
  return { json, binary: new Uint8Array(0) };
}

/** All files that a description refers to, by the address that it says. @throws UnflatError naming what is missing. */
function findFiles(json: Json, name: string, companions: readonly File[]): Map<string, File> {
  const uris = [...listOf(json, 'buffers'), ...listOf(json, 'images')]
    .map(({ uri }) => uri)
    .filter((uri): uri is string => typeof uri === 'string' && !/^data:/i.test(uri));
  const remote = uris.find((uri) => /^[a-z][a-z0-9+.-]*:|^\/\//i.test(uri));
  if (remote !== undefined)
    throw new UnflatError(
      'unsupported',
      `${name} refers to a file on the internet (${remote.slice(0, 80)}). Unflat loads nothing from there. Save it as one .glb file with everything in it.`,
    );
  const byName = new Map(companions.map((file) => [file.name.toLowerCase(), file]));
  const found = new Map<string, File>();
  const missing: string[] = [];
  for (const uri of new Set(uris)) {
    const base = baseName(uri);
    const file = byName.get(base.toLowerCase());
    if (file) found.set(uri, file);
    else missing.push(base.slice(0, 80));
  }
  if (missing.length) {
    const named = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
    throw new UnflatError('unsupported', `${name} needs ${named}. Open them together: choose or drop all of its files at once.`);
  }
  return found;
}

function baseName(uri: string): string {
  const path = uri.split(/[?#]/)[0]!.split(/[\\/]/).at(-1) ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function bytesOf(uri: unknown, found: ReadonlyMap<string, File>): Promise<Uint8Array> {
  if (typeof uri !== 'string') throw new Fault('a part of its data is missing');
  const file = found.get(uri);
  if (file) return new Uint8Array(await file.arrayBuffer());
  const [, isBase64, text] = /^data:[^,]*?(;base64)?,([^]*)$/i.exec(uri) ?? [];
  if (text === undefined) throw new Fault('a part of its data is damaged');
  try {
    const raw = isBase64 ? atob(text) : decodeURIComponent(text);
    return Uint8Array.from(raw, (char) => char.charCodeAt(0));
  } catch {
    throw new Fault('a part of its data is damaged');
  }
}

/** The kind of a picture, by its bytes, and how many pixels it has. @throws Fault where no memory holds what it decodes to. */
function checkPicture(bytes: Uint8Array): { type: string; pixels: number } {
  const { type, width, height } = pictureSize(bytes);
  if (!(width > 0 && height > 0) || Math.max(width, height) > PICTURE.sidePx || width * height > PICTURE.pixels)
    throw new Fault(`a picture in it has ${width} × ${height} pixels, which is too many`);
  return { type, pixels: width * height };
}

function joined(parts: readonly Uint8Array[], from: number, length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    const start = Math.max(from, at);
    const end = Math.min(from + length, at + part.length);
    if (start < end) all.set(part.subarray(start - at, end - at), start - from);
    at += part.length;
  }
  return all;
}

function glbOf(json: Json, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const textLength = Math.ceil(text.length / 4) * 4;
  const glb = new Uint8Array(12 + 8 + textLength + 8 + data.length);
  const view = new DataView(glb.buffer);
  [0x46546c67, 2, glb.length, textLength, 0x4e4f534a].forEach((value, i) => view.setUint32(4 * i, value, true));
  glb.fill(0x20, 20, 20 + textLength);
  glb.set(text, 20);
  view.setUint32(20 + textLength, data.length, true);
  view.setUint32(24 + textLength, 0x004e4942, true);
  glb.set(data, 28 + textLength);
  return glb;
}
