import type { Layer, Rect, Scene } from '../core/index.ts';
import { ByteWriter } from './byte-writer.ts';
import { deflate } from './deflate.ts';
import { EXTENSION, FORMAT_VERSION, type LayerJson, type RectJson, type SceneJson } from './scene-json.ts';
import { BinaryPart, glbOf } from './glb-of.ts';
import { encodeJpeg, type FinePart } from './jpeg/encode-jpeg.ts';
import { disparityLevels, pixelLevels } from './levels.ts';
import { writePixels } from './write-pixels.ts';
import { addPlainView, type PlainOptions, type PlainTexture } from './plain/add-plain-view.ts';
import { inQuads, writeQuads } from './write-quads.ts';
import { filledRect, layerTexture, photoTexture, type LayerTexture } from './layer-texture.ts';

/** How a scene is written as a file; see {@link SCENE_FILE_DEFAULTS}. */
export interface SceneFileOptions extends PlainOptions {
  /** How true the pictures are to their pixels, 50..100: ten less halve their size, about. */
  quality: number;
}

/** Values where nothing is said. */
export const SCENE_FILE_DEFAULTS: SceneFileOptions = { quality: 84, margin: true, errorPx: 0.2, cellPx: 0, relief: true };

const LINEAR = 9729;
const CLAMP_TO_EDGE = 33_071;
/** Parallax at the eyebox's end that a level of disparity is, in pixels of the photo: of the photo's layer and of hidden ones. */
const LEVEL_PX = 0.1;
const HIDDEN_LEVEL_PX = 0.2;
/** Beyond this error, in squared steps, the photo's brightness is coded by the next smaller step: 47 dB at 3. */
const ROUGH_ERROR = 0.145;
/** A coefficient's step in pictures of hidden parts, which are seen less, is larger by this. */
const HIDDEN_STEP = 2.5;
/** The backdrop's picture is a blur. */
const BACKDROP_STEP = 6;

/**
 * Writes a scene as one file: binary glTF that any program shows, with the scene itself as an extension. Its README.md says how.
 * @param options default `SCENE_FILE_DEFAULTS`.
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 * @throws TypeError naming the mesh that is not made of quads; what `pause` throws.
 */
export async function writeScene(
  scene: Scene,
  options: Partial<SceneFileOptions> = {},
  pause: (fraction: number) => Promise<void> = async () => undefined,
): Promise<Blob> {
  const settings = { ...SCENE_FILE_DEFAULTS, ...options };
  const step = Math.min(255, Math.max(1, Math.round(2 ** ((100 - settings.quality) / 10))));
  const binary = new BinaryPart();
  const images: object[] = [];
  const textures: object[] = [];
  const addImage = async (
    texture: LayerTexture,
    coarser: number,
    part: (fraction: number) => Promise<void>,
    fine?: FinePart,
  ): Promise<number> => {
    const own = Math.min(255, Math.round(step * coarser));
    const first = await encodeJpeg(texture.raster, [own, own], (fraction) => part(fraction / 2), fine);
    // Of a picture that is rough all over, as much as can be is lost.
    const isRough = coarser === 1 && own > 1 && first.squareError > ROUGH_ERROR * own ** 2;
    const { bytes } = isRough ? await encodeJpeg(texture.raster, [own - 1, own], (fraction) => part(0.5 + fraction / 2), fine) : first;
    images.push({ bufferView: binary.add(bytes), mimeType: 'image/jpeg' });
    return textures.push({ sampler: 0, source: images.length - 1 }) - 1;
  };
  const layers: LayerJson[] = [];
  const plain: (PlainTexture | undefined)[] = [];
  for (const [k, layer] of scene.layers.entries()) {
    const part = (fraction: number): Promise<void> => pause((0.6 * (k + fraction)) / scene.layers.length);
    const rect = filledRect(layer);
    const texture = rect && (k === 0 ? photoTexture(scene, layer, rect) : layerTexture(layer, rect));
    const index =
      texture && (await (k === 0 ? addImage(texture, 1, part, photoPart(scene, layer, texture)) : addImage(texture, HIDDEN_STEP, part)));
    layers.push(await layerJson(scene, k, rect, texture, index, binary));
    plain.push(texture && placed(texture, index!, layer, scene));
    await part(1);
  }
  const json = { nodes: [], meshes: [], materials: [], accessors: [], cameras: [] };
  const { nodes, extras } = await addPlainView(
    json,
    binary,
    scene,
    settings,
    plain,
    async (layer) => {
      const texture: LayerTexture = { raster: layer, rect: { x: 0, y: 0, width: layer.width, height: layer.height } };
      return placed(texture, await addImage(texture, BACKDROP_STEP, async () => undefined), layer, scene);
    },
    (fraction) => pause(0.6 + 0.4 * fraction),
  );
  const extension = sceneJson(scene, layers);
  const all = {
    asset: { version: '2.0', generator: 'Unflat' },
    extensionsUsed: [...(json.materials.length > 0 ? ['KHR_materials_unlit'] : []), EXTENSION],
    extensions: { [EXTENSION]: extension },
    scene: 0,
    scenes: [{ nodes, extras }],
    ...json,
    textures,
    images,
    samplers: textures.length > 0 ? [{ magFilter: LINEAR, minFilter: LINEAR, wrapS: CLAMP_TO_EDGE, wrapT: CLAMP_TO_EDGE }] : [],
  };
  // Empty lists are not allowed.
  return glbOf(Object.fromEntries(Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0)), binary);
}

function sceneJson({ width, height, lens, eyebox, movement, origin }: Scene, layers: LayerJson[]): SceneJson {
  const { far, ...finite } = lens;
  return {
    version: `${FORMAT_VERSION.major}.${FORMAT_VERSION.minor}`,
    width,
    height,
    lens: { ...finite, ...(Number.isFinite(far) && { far }) },
    eyebox: { ...eyebox },
    ...(movement !== undefined && { movement }),
    layers,
    ...(origin && { made: { ...origin } }),
  };
}

async function layerJson(
  scene: Scene,
  k: number,
  rect: Rect | undefined,
  texture: LayerTexture | undefined,
  index: number | undefined,
  binary: BinaryPart,
): Promise<LayerJson> {
  const layer = scene.layers[k]!;
  const levels = disparityLevels(layer, (k === 0 ? LEVEL_PX : HIDDEN_LEVEL_PX) / parallaxOf(scene));
  const out = new ByteWriter();
  const name = `scene.meshes[${k}]`;
  const mesh = inQuads(scene.meshes[k] ?? NO_MESH, name);
  const settled = rect && pixelLevels(layer, rect, levels, mesh);
  const joinedLevels = settled && writePixels(layer, rect, settled.level, out);
  const quads = writeQuads(mesh, levels, settled, name, out);
  return {
    width: layer.width,
    height: layer.height,
    margin: layer.margin,
    ...(rect && { rect: rectJson(rect), texture: index, joinedLevels }),
    ...(texture?.detail && { detail: rectJson(texture.detail) }),
    ...(out.length > 0 && { data: binary.add(await deflate(out.bytes())), disparity: levels }),
    ...quads,
  };
}

const NO_MESH = { vertices: new Float32Array(), indices: new Uint32Array(), softStart: 0 };

/** The photo itself in its layer's picture: what lies outside is seen as little as what is hidden. */
function photoPart({ width, height }: Scene, { margin }: Layer, { rect, detail }: LayerTexture): FinePart {
  return { rect: detail ?? { x: margin - rect.x, y: margin - rect.y, width, height }, coarser: Math.round(HIDDEN_STEP) };
}

const rectJson = ({ x, y, width, height }: Rect): RectJson => [x, y, width, height];

/** Pixels of parallax at the eyebox's end for a unit of disparity. */
function parallaxOf({ lens, eyebox, width, height }: Scene): number {
  const sideways = Math.max(lens.fx * eyebox.x, lens.fy * eyebox.y, eyebox.z / 4);
  return Math.max(1, Math.max(width, height) * sideways * (1 / lens.near - 1 / lens.far));
}

function placed({ raster, rect, detail }: LayerTexture, index: number, layer: Layer, { width, height }: Scene): PlainTexture {
  const scaleX = (detail ? detail.width / width : 1) / raster.width;
  const scaleY = (detail ? detail.height / height : 1) / raster.height;
  return {
    index,
    scaleX,
    scaleY,
    offsetX: detail ? detail.x / raster.width - layer.margin * scaleX : -rect.x * scaleX,
    offsetY: detail ? detail.y / raster.height - layer.margin * scaleY : -rect.y * scaleY,
  };
}
