import { NOTHING, type DepthMap, type Layer, type LayerMesh, type Raster, type Scene } from '../core/index.ts';
import { alphaOf, rgbOf, rgbaOf } from './rgb-of.ts';
import { compact, packRuns, spreadRuns, unpackRuns } from './pack-runs.ts';
import { SectionReader, SectionWriter } from './section-writer.ts';
import { readGrown, writeGrown, type Grown, type GrownHeader } from './write-grown.ts';

/** x, y, disparity, low and high; see `LayerMesh`. */
const VERTEX_NUMBERS = 5;

interface LayerHeader {
  width: number;
  height: number;
  margin: number;
  /** Runs of pixels where the layer has something; only those are kept in rgb and disparity. */
  mask: number;
  rgb: number;
  alpha: number;
  disparity: number;
  joins: number;
  vertices: number;
  indices: number;
  softStart: number;
}

interface SceneHeader {
  name: string;
  width: number;
  height: number;
  /** Lens, eyebox and movement: JSON knows no Infinity. */
  numbers: number;
  /** `disparity` is absent where layer 0 holds the very same values. */
  depth: { width: number; height: number; disparity?: number };
  layers: LayerHeader[];
  detail?: { width: number; height: number; rgb: number; alpha: number };
}

interface MakingsHeader {
  grown?: GrownHeader;
  /** The old name of `grown`, read for a version. */
  unpainted?: GrownHeader;
  depth?: { width: number; height: number; disparity: number };
}

/** What a scene was made from, as far as that is worth keeping beside it. */
export interface SceneMakings {
  /** Its layers before they were inpainted. */
  grown: Grown;
  /** The depth map before anything was done to it, where making it took long. */
  depth?: DepthMap;
}

/**
 * A scene as bytes, without loss where it has something: colours as 24 bit, flat planes as runs,
 * nothing for the empty parts of hidden layers.
 * @param extra plain data to come along.
 */
export function encodeScene(scene: Scene, extra?: unknown, from?: SceneMakings): Uint8Array<ArrayBuffer> {
  const out = new SectionWriter();
  const { lens, eyebox, detail } = scene;
  const header: SceneHeader = {
    name: scene.name,
    width: scene.width,
    height: scene.height,
    numbers: out.add(
      Float64Array.of(lens.fx, lens.fy, lens.cx, lens.cy, lens.near, lens.far, eyebox.x, eyebox.y, eyebox.z, scene.movement ?? 1),
    ),
    depth: { width: scene.depth.width, height: scene.depth.height },
    layers: scene.layers.map((layer, i) => writeLayer(out, layer, scene.meshes[i]!)),
  };
  if (!depthIsInLayer(scene)) header.depth.disparity = out.add(scene.depth.disparity);
  if (detail)
    header.detail = {
      width: detail.width,
      height: detail.height,
      rgb: out.add(rgbOf(detail.rgba), 'rgb'),
      alpha: out.add(packRuns(alphaOf(detail.rgba))),
    };
  const makings: MakingsHeader | undefined = from && { grown: writeGrown(out, scene, from.grown) };
  if (makings && from?.depth)
    makings.depth = { width: from.depth.width, height: from.depth.height, disparity: out.add(from.depth.disparity) };
  return out.finish({ header, extra, ...(makings && { makings }) });
}

/** @throws RangeError or SyntaxError for bytes that are no scene. */
export function decodeScene(bytes: Uint8Array): { scene: Scene; extra: unknown } {
  const input = new SectionReader(bytes);
  const { header, extra } = input.header as { header: SceneHeader; extra: unknown };
  const [fx = 1, fy = 1, cx = 0, cy = 0, near = 1, far = 2, x = 0, y = 0, z = 0, movement = 1] = input.f64(header.numbers);
  const layers = header.layers.map((each) => readLayer(input, each));
  const { name, width, height, detail } = header;
  const scene: Scene = {
    name,
    width,
    height,
    lens: { fx, fy, cx, cy, near, far },
    eyebox: { x, y, z },
    ...(movement !== 1 && { movement }),
    depth: readDepth(input, header, layers[0]?.layer),
    layers: layers.map(({ layer }) => layer),
    meshes: layers.map(({ mesh }) => mesh),
  };
  if (detail) scene.detail = readDetail(input, detail);
  return { scene, extra };
}

/** What the scene in `bytes` was made from; undefined where that was not kept. @throws RangeError or SyntaxError for bytes that are no scene. */
export function decodeMakings(bytes: Uint8Array, scene: Scene): SceneMakings | undefined {
  const input = new SectionReader(bytes);
  const { makings } = input.header as { makings?: MakingsHeader };
  if (!makings) return undefined;
  const raw = decodeDepth(bytes);
  const grown = makings.grown ?? makings.unpainted;
  if (!grown) return undefined;
  return { grown: readGrown(input, grown, scene), ...(raw && { depth: raw.depth }) };
}

/** The depth map of the makings alone. @throws RangeError or SyntaxError for bytes that are no scene. */
export function decodeDepth(bytes: Uint8Array): { depth: DepthMap; extra: unknown } | undefined {
  const input = new SectionReader(bytes);
  const { makings, extra } = input.header as { makings?: MakingsHeader; extra: unknown };
  if (!makings?.depth) return undefined;
  const { width, height, disparity } = makings.depth;
  return { depth: { width, height, disparity: input.f32(disparity) }, extra };
}

function writeLayer(out: SectionWriter, layer: Layer, mesh: LayerMesh): LayerHeader {
  const { width, height, margin, rgba, disparity, joins } = layer;
  const count = width * height;
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) if (rgba[4 * i + 3] || joins[i] || disparity[i] !== NOTHING) mask[i] = 1;
  const runs = packRuns(mask);
  const alpha = alphaOf(rgba);
  return {
    width,
    height,
    margin,
    mask: out.add(runs),
    rgb: out.add(compact(rgbOf(rgba), runs, 3), 'rgb'),
    alpha: out.add(packRuns(alpha)),
    disparity: out.add(compact(disparity, runs, 1)),
    joins: out.add(packRuns(joins)),
    vertices: out.add(mesh.vertices, VERTEX_NUMBERS),
    indices: out.add(mesh.indices),
    softStart: mesh.softStart,
  };
}

function readLayer(input: SectionReader, header: LayerHeader): { layer: Layer; mesh: LayerMesh } {
  const { width, height, margin, softStart } = header;
  const count = width * height;
  const runs = input.u32(header.mask);
  const rgb = spreadRuns(input.u8(header.rgb), new Uint8Array(count * 3), runs, 3);
  const layer: Layer = {
    width,
    height,
    margin,
    rgba: rgbaOf(rgb, unpackRuns(input.u32(header.alpha), count)),
    disparity: spreadRuns(input.f32(header.disparity), new Float32Array(count).fill(NOTHING), runs, 1),
    joins: unpackRuns(input.u32(header.joins), count),
  };
  return { layer, mesh: { vertices: input.f32(header.vertices), indices: input.u32(header.indices), softStart } };
}

function readDetail(input: SectionReader, { width, height, rgb, alpha }: NonNullable<SceneHeader['detail']>): Raster {
  return { width, height, rgba: rgbaOf(input.u8(rgb), unpackRuns(input.u32(alpha), width * height)) };
}

/** Whether the depth map is, value for value, what lies inside layer 0's margin. */
function depthIsInLayer({ depth, layers }: Scene): boolean {
  const layer = layers[0];
  if (!layer || layer.width - 2 * layer.margin !== depth.width || layer.height - 2 * layer.margin !== depth.height) return false;
  for (let y = 0; y < depth.height; y++) {
    const at = (y + layer.margin) * layer.width + layer.margin;
    for (let x = 0; x < depth.width; x++) {
      if (layer.disparity[at + x] !== depth.disparity[y * depth.width + x] || !layer.rgba[4 * (at + x) + 3]) return false;
    }
  }
  return true;
}

function readDepth(input: SectionReader, header: SceneHeader, layer: Layer | undefined): DepthMap {
  const { width, height, disparity } = header.depth;
  if (disparity !== undefined) return { width, height, disparity: input.f32(disparity) };
  if (!layer) throw new RangeError('The record has no depth.');
  const inside = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const at = (y + layer.margin) * layer.width + layer.margin;
    inside.set(layer.disparity.subarray(at, at + width), y * width);
  }
  return { width, height, disparity: inside };
}
