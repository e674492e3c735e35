import {
  NOTHING,
  UnflatError,
  throwIfAborted,
  type DepthMap,
  type Layer,
  type LayerMesh,
  type Raster,
  type Scene,
  type SceneOrigin,
  type SourceFile,
} from '../core/index.ts';
import { ByteReader } from './byte-writer.ts';
import { checkJson, type CheckedLayer, type CheckedScene } from './checked-scene.ts';
import { Damage } from './damage.ts';
import { inflateAtMost } from './deflate.ts';
import { EXTENSION, LIMITS, FORMAT_VERSION } from './scene-json.ts';
import { pictureSize } from './picture-size.ts';
import { readPixels } from './write-pixels.ts';
import { readQuads } from './write-quads.ts';
import { isObject, readGlb, viewBytes, type Glb } from './read-glb.ts';
import { cropped, takeColours, type LayerTexture } from './layer-texture.ts';

/** Decodes a picture of a known type to sRGB pixels, as they are: no colour conversion, no alpha. */
export type DecodeTexture = (bytes: Uint8Array<ArrayBuffer>, type: string) => Promise<Raster>;

/** Bytes of a layer's streams a pixel and a quad, at most. */
const BYTES_A_PIXEL = 6;
const BYTES_A_QUAD = 42;
const SPARE_BYTES = 64;
/** Pictures that have no more pixels together are decoded at once: those of all photos of usual size. */
const AT_ONCE_PX = 2 ** 24;

interface Picture {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  width: number;
  height: number;
}

interface ReadLayer {
  layer: Layer;
  mesh: LayerMesh;
  /** The photo at its own resolution, if the layer's picture holds it. */
  detail?: Raster;
}

/**
 * Reads the scene that a 3D photo's file holds.
 * @param file its name becomes the scene's, without extension.
 * @throws UnflatError `unsupported` for GLB files of others and for those of a newer Unflat, `bad-scene` for damaged ones, naming the
 *   file, the reason and what to do; `signal.reason` when cancelled.
 */
export async function readScene(file: SourceFile, decode: DecodeTexture, signal?: AbortSignal): Promise<Scene> {
  try {
    const glb = readGlb(file.bytes as Uint8Array<ArrayBuffer>);
    const json = extensionOf(glb, file.name);
    return await sceneOf(file.name, glb, checkJson(json), decode, signal);
  } catch (cause) {
    throwIfAborted(signal);
    if (cause instanceof UnflatError) throw cause;
    const reason = cause instanceof Damage ? cause.message : 'its data are damaged';
    throw new UnflatError('bad-scene', `${file.name} cannot be opened as a 3D photo: ${reason}. Save or download it again.`, { cause });
  }
}

function extensionOf({ json }: Glb, name: string): Record<string, unknown> {
  const extension = isObject(json['extensions']) ? json['extensions'][EXTENSION] : undefined;
  if (!isObject(extension)) {
    throw new UnflatError(
      'unsupported',
      `${name} is a 3D model, but not a 3D photo that Unflat has saved. The Unflat app shows it. For a 3D photo, open the photo it was made from, or a GLB file saved here as “3D photo”.`,
    );
  }
  const version = /^(\d{1,6})\.(\d{1,6})$/.exec(String(extension['version']));
  if (!version) throw new Damage('its version is missing');
  if (Number(version[1]) > FORMAT_VERSION.major) {
    throw new UnflatError(
      'unsupported',
      `${name} was saved by a newer version of Unflat (format ${version[0]}; this one reads ${FORMAT_VERSION.major}). Update Unflat to open it.`,
    );
  }
  if (Number(version[1]) < 1) throw new Damage(`its version is ${version[0]}`);
  return extension;
}

async function sceneOf(
  name: string,
  glb: Glb,
  checked: CheckedScene,
  decode: DecodeTexture,
  signal: AbortSignal | undefined,
): Promise<Scene> {
  const { width, height, lens, eyebox, movement, made } = checked;
  const read = await readLayers(glb, checked, decode, signal);
  const layers = read.map(({ layer }) => layer);
  const detail = read[0]?.detail;
  return {
    name: name.replace(/\.[^.]*$/, ''),
    width,
    height,
    lens,
    eyebox,
    ...(movement !== undefined && { movement }),
    depth: depthOf(layers[0], width, height),
    layers,
    meshes: read.map(({ mesh }) => mesh),
    ...(detail && { detail }),
    ...(made && { origin: originOf(made) }),
  };
}

/** Layers and their meshes. Small ones all at once, which is quicker; of large ones no two are unpacked at the same time. */
async function readLayers(glb: Glb, checked: CheckedScene, decode: DecodeTexture, signal: AbortSignal | undefined): Promise<ReadLayer[]> {
  // All pictures are looked at before memory is taken: whoever lies about one lies about the others.
  const pictures = checked.layers.map((layer) => pictureOf(glb, layer, checked));
  const read = (k: number): Promise<ReadLayer> => readLayer(glb, checked.layers[k]!, pictures[k]!, checked, decode, signal);
  const pixels = pictures.reduce((sum, { width, height }) => sum + width * height, 0);
  if (pixels <= AT_ONCE_PX) return Promise.all(pictures.map((_, k) => read(k)));
  const layers: ReadLayer[] = [];
  for (let k = 0; k < pictures.length; k++) layers.push(await read(k));
  return layers;
}

async function readLayer(
  glb: Glb,
  checked: CheckedLayer,
  picture: Picture,
  photo: { width: number; height: number },
  decode: DecodeTexture,
  signal: AbortSignal | undefined,
): Promise<ReadLayer> {
  const { width, height, margin, rect, disparity } = checked;
  const [streams, raster] = await Promise.all([
    inflateAtMost(
      viewBytes(glb, checked.data, 'a layer'),
      BYTES_A_PIXEL * rect.width * rect.height + BYTES_A_QUAD * checked.quads + SPARE_BYTES,
    ),
    decode(picture.bytes, picture.type),
  ]);
  throwIfAborted(signal);
  const layer: Layer = {
    width,
    height,
    margin,
    rgba: new Uint8ClampedArray(4 * width * height),
    disparity: new Float32Array(width * height).fill(NOTHING),
    joins: new Uint8Array(width * height),
  };
  const from = new ByteReader(streams);
  if (raster.width !== picture.width || raster.height !== picture.height) throw new Damage('a picture in it is damaged');
  readPixels(layer, rect, disparity, checked.joinedLevels, from);
  const texture: LayerTexture = { raster, rect, ...(checked.detail && { detail: checked.detail }) };
  takeColours(layer, texture, photo);
  const mesh = readQuads(checked, disparity, from, LIMITS.covers * width * height);
  return { layer, mesh, ...(texture.detail && { detail: cropped(raster, texture.detail) }) };
}

/** The layer's picture, whose size is what it has to be. */
function pictureOf(glb: Glb, { texture, rect, detail }: CheckedLayer, photo: { width: number; height: number }): Picture {
  const { textures, images } = glb.json;
  const entry: unknown = Array.isArray(textures) && Number.isInteger(texture) ? textures[texture as number] : undefined;
  const source: unknown =
    isObject(entry) && Array.isArray(images) && Number.isInteger(entry['source']) ? images[entry['source'] as number] : undefined;
  if (!isObject(source)) throw new Damage('a picture is not in the file');
  const bytes = viewBytes(glb, source['bufferView'], 'a picture');
  const size = pictureSize(bytes);
  const { width, height } = size;
  if (width > LIMITS.sidePx || height > LIMITS.sidePx || width * height > LIMITS.imagePixels)
    throw new Damage('a picture in it is too large');
  const fits = detail
    ? detail.x + detail.width <= width && detail.y + detail.height <= height && detail.width >= photo.width && detail.height >= photo.height
    : width === rect.width && height === rect.height;
  if (!fits) throw new Damage('a picture in it has another size than its layer');
  return { bytes, ...size };
}

/** The photo's own depth: that of its layer. */
function depthOf(front: Layer | undefined, width: number, height: number): DepthMap {
  const disparity = new Float32Array(width * height);
  if (front) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const d = front.disparity[(y + front.margin) * front.width + x + front.margin];
        // NaN, too, is nothing.
        disparity[i] = d !== undefined && d > NOTHING ? Math.min(1, Math.max(0, d)) : 0;
      }
    }
  }
  return { width, height, disparity };
}

/** What is said of the making, as far as it is of the kind that is expected. */
function originOf(made: Record<string, unknown>): SceneOrigin {
  const text = (name: string): string | undefined => (typeof made[name] === 'string' ? made[name].slice(0, 200) : undefined);
  const count = (name: string): number => (typeof made[name] === 'number' && Number.isFinite(made[name]) ? made[name] : 0);
  const optional = Object.fromEntries(
    (['depthModel', 'inpainter', 'inpaintModel'] as const).flatMap((name) => (text(name) === undefined ? [] : [[name, text(name)]])),
  );
  const settings = isObject(made['settings'])
    ? Object.entries(made['settings']).filter(([, value]) => typeof value === 'number')
    : undefined;
  return {
    photoHash: text('photoHash') ?? '',
    originalWidth: count('originalWidth'),
    originalHeight: count('originalHeight'),
    depthSource: text('depthSource') ?? '',
    ...optional,
    ...(settings && { settings: Object.fromEntries(settings) as Record<string, number> }),
  };
}
