/** What any program shows of the file: a mesh a layer with its picture, unlit, a smooth surface behind them all, and the photo's camera. */
import { backdropOf, fovDeg, reliefOf, type Layer, type Lens, type Scene } from '../../core/index.ts';
import type { BinaryPart } from '../glb-of.ts';
import { surfaceOf, type Surface } from './surface.ts';

export interface PlainOptions {
  /** Whether what was grown outside the photo is there, too. */
  margin: boolean;
  /** Largest parallax error at the eyebox's end, in photo pixels. */
  errorPx: number;
  /** Side of the smallest squares in photo pixels, integer; 0 = as small as the file stays small with. */
  cellPx: number;
  /** Whether the depth is made compact, and the scene put at the origin; else distances are as estimated and the camera is at the origin. */
  relief: boolean;
}

/** A picture that surfaces can have. */
export interface PlainTexture {
  /** Number of the glTF texture. */
  index: number;
  /** The picture's place of a layer's place, both in pixels, divided by the picture's size: u = place.x × scaleX + offsetX. */
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

/** The lists of a glTF file that this adds to. */
export interface PlainJson {
  nodes: object[];
  meshes: object[];
  materials: object[];
  accessors: object[];
  cameras: object[];
}

interface PlainLayer {
  layer: Layer;
  name: string;
  lens: Lens;
  /** Longer side of the photo in the layer's pixels. */
  longer: number;
  inset: number;
  behind: number;
  isCoarse: boolean;
  texture: PlainTexture | undefined;
}

const ARRAY_BUFFER = 34962;
const ELEMENT_ARRAY_BUFFER = 34963;
const FLOAT = 5126;
const UNSIGNED_SHORT = 5123;
/** So many vertices two bytes tell apart; the highest number is reserved. */
const MOST_VERTICES = 65_535;
const VERTEX_BYTES = 16;
const INDEX_BYTES = 2;
/** Bytes of geometry a photo pixel that are in proportion to its picture, and what does not matter in any case. */
const BYTES_A_PIXEL = 0.28;
const SMALL_BYTES = 100_000;
const MOST_CELL_PX = 14;
/** Geometry falls with about this power of the smallest squares' side: measured on leaves, toys and bricks. */
const BYTES_FALL = 1.6;
/** Nobody sees whether the backdrop lies where it was meant to. */
const BACKDROP_ERRORS = 40;
/** Side of its smallest squares, in its own pixels, of which there are at most 256 along a side. */
const BACKDROP_CELL_PX = 4;
/** Hidden surfaces lie behind what they repeat of visible ones by so many tolerances: both are coarse. */
const BEHIND_TOLERANCES = 4;

/**
 * Adds the plain view.
 * @param textures of the layers, by their order; undefined where a layer has none.
 * @param backdropTexture saves the backdrop's picture.
 * @returns the number of the nodes, and what to say of the depth.
 */
export async function addPlainView(
  json: PlainJson,
  binary: BinaryPart,
  scene: Scene,
  options: PlainOptions,
  textures: readonly (PlainTexture | undefined)[],
  backdropTexture: (layer: Layer) => Promise<PlainTexture>,
  pause: (fraction: number) => Promise<void>,
): Promise<{ nodes: number[]; extras: object }> {
  const { eyebox, width, height } = scene;
  const longer = Math.max(width, height);
  const { lens, centre, scale } = options.relief ? reliefOf(scene) : { lens: scene.lens, centre: 0, scale: 1 };
  const place = centre > 0 && { translation: [0, 0, centre] };
  // Sideways parallax of the whole move is longer·fx·x·q; forward it is at most half of the picture times z·q.
  const perInverse = longer * Math.max(lens.fx * eyebox.x, lens.fy * eyebox.y, eyebox.z / 2, 0.005 * scene.lens.near);
  const tolerance = (scale * options.errorPx) / perInverse;
  const plainLayers = scene.layers.map((layer, k): PlainLayer => ({
    layer,
    name: k === 0 ? 'Photo' : `Behind ${k}`,
    lens,
    longer,
    inset: options.margin ? 0 : layer.margin,
    behind: k,
    isCoarse: true,
    texture: textures[k],
  }));
  const backdrop = options.relief ? backdropOf(scene, lens, options.margin) : undefined;
  if (backdrop) {
    const { layer, step } = backdrop;
    const texture = await backdropTexture(layer);
    plainLayers.push({
      layer,
      name: 'Backdrop',
      lens: backdrop.lens,
      longer: longer / step,
      inset: 0,
      behind: 0,
      isCoarse: false,
      texture,
    });
  }
  const surfaces = await surfacesWithin(plainLayers, scene, options, tolerance, (fraction) => pause(0.9 * fraction));
  const nodes: number[] = [];
  for (const [k, surface] of surfaces.entries()) {
    const { texture, name } = plainLayers[k]!;
    if (!texture || surface.indices.length === 0) continue;
    const material =
      json.materials.push({
        name,
        doubleSided: true,
        pbrMetallicRoughness: { baseColorTexture: { index: texture.index }, metallicFactor: 0, roughnessFactor: 1 },
        extensions: { KHR_materials_unlit: {} },
      }) - 1;
    const primitives = parts(surface).map((part) => ({ ...addGeometry(json.accessors, binary, part, texture), material }));
    const mesh = json.meshes.push({ name, primitives }) - 1;
    nodes.push(json.nodes.push({ name, mesh, ...place }) - 1);
  }
  json.cameras.push({
    name: 'Photo',
    type: 'perspective',
    perspective: { yfov: (fovDeg(height / longer, lens.fy) * Math.PI) / 180, aspectRatio: width / height, znear: lens.near / 10 },
  });
  nodes.push(json.nodes.push({ name: 'Camera', camera: 0, ...place }) - 1);
  await pause(1);
  return { nodes, extras: words(scene.lens, lens) };
}

/** The layers' surfaces with squares as small as asked for, or as the file stays small with. */
async function surfacesWithin(
  plainLayers: readonly PlainLayer[],
  { width, height }: Scene,
  { cellPx }: PlainOptions,
  tolerance: number,
  pause: (fraction: number) => Promise<void>,
): Promise<Surface[]> {
  const most = Math.max(SMALL_BYTES, BYTES_A_PIXEL * width * height);
  const make = async (cell: number): Promise<Surface[]> => {
    const surfaces: Surface[] = [];
    for (const [k, { layer, isCoarse, behind, ...plainLayer }] of plainLayers.entries()) {
      const own = isCoarse ? tolerance * Math.max(1, cell / 2) : BACKDROP_ERRORS * tolerance;
      const options = {
        ...plainLayer,
        tolerance: own,
        cell: isCoarse ? cell : BACKDROP_CELL_PX,
        behind: cell > 1 ? behind * BEHIND_TOLERANCES * own : 0,
      };
      surfaces.push(await surfaceOf(layer, options, (fraction) => pause((k + fraction) / plainLayers.length)));
    }
    return surfaces;
  };
  if (cellPx > 0) return make(cellPx);
  // A photo of some size never comes out with the smallest squares: that is not even tried.
  for (let cell = width * height > 200_000 ? 3 : 1; ;) {
    const surfaces = await make(cell);
    const bytes = surfaces.reduce((sum, { pixels, indices }) => sum + VERTEX_BYTES * pixels.length + INDEX_BYTES * indices.length, 0);
    if (bytes <= most || cell >= MOST_CELL_PX) return surfaces;
    cell = Math.min(MOST_CELL_PX, Math.max(cell + 1, Math.ceil(0.95 * cell * (bytes / most) ** (1 / BYTES_FALL))));
  }
}

/** What a reader may want to know of the depth. */
function words(given: Lens, lens: Lens): object {
  const finite = (z: number): number | string => (Number.isFinite(z) ? z : 'infinite');
  return {
    units: 'those of near and far; metres only where the photo’s depth was given in metres',
    near: lens.near,
    far: finite(lens.far),
    ...(lens !== given && {
      relief: 'inverse distances are a multiple of the true ones plus a constant',
      trueNear: given.near,
      trueFar: finite(given.far),
    }),
  };
}

interface Part {
  positions: Float32Array;
  places: Float32Array;
  indices: Uint16Array;
}

/** The surface in parts whose vertices have numbers of two bytes, which makes the file a fourth smaller. */
function parts({ places, positions, indices }: Surface): Part[] {
  const all: Part[] = [];
  const numbers = new Int32Array(places.length / 2).fill(-1);
  let from: number[] = [];
  let triangles: number[] = [];
  const finish = (): void => {
    const part: Part = {
      positions: new Float32Array(3 * from.length),
      places: new Float32Array(2 * from.length),
      indices: Uint16Array.from(triangles),
    };
    from.forEach((vertex, n) => {
      part.positions.set(positions.subarray(3 * vertex, 3 * vertex + 3), 3 * n);
      part.places.set(places.subarray(2 * vertex, 2 * vertex + 2), 2 * n);
      numbers[vertex] = -1;
    });
    all.push(part);
    from = [];
    triangles = [];
  };
  for (let t = 0; t < indices.length; t += 3) {
    if (from.length > MOST_VERTICES - 3) finish();
    for (let k = t; k < t + 3; k++) {
      const vertex = indices[k]!;
      if (numbers[vertex]! < 0) numbers[vertex] = from.push(vertex) - 1;
      triangles.push(numbers[vertex]!);
    }
  }
  finish();
  return all;
}

function addGeometry(
  accessors: object[],
  binary: BinaryPart,
  { positions, places, indices }: Part,
  { scaleX, scaleY, offsetX, offsetY }: PlainTexture,
): { attributes: Record<string, number>; indices: number } {
  const count = places.length / 2;
  const uv = new Uint16Array(2 * count);
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  const inPicture = (value: number): number => Math.round(65_535 * Math.min(1, Math.max(0, value)));
  for (let n = 0; n < count; n++) {
    uv[2 * n] = inPicture(places[2 * n]! * scaleX + offsetX);
    uv[2 * n + 1] = inPicture(places[2 * n + 1]! * scaleY + offsetY);
    for (let c = 0; c < 3; c++) {
      min[c] = Math.min(min[c]!, positions[3 * n + c]!);
      max[c] = Math.max(max[c]!, positions[3 * n + c]!);
    }
  }
  const accessor = (data: ArrayBufferView<ArrayBuffer>, target: 34962 | 34963, rest: object): number => {
    const bufferView = binary.add(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), target);
    return accessors.push({ bufferView, ...rest }) - 1;
  };
  return {
    attributes: {
      POSITION: accessor(positions as Float32Array<ArrayBuffer>, ARRAY_BUFFER, { componentType: FLOAT, type: 'VEC3', count, min, max }),
      TEXCOORD_0: accessor(uv, ARRAY_BUFFER, { componentType: UNSIGNED_SHORT, normalized: true, type: 'VEC2', count }),
    },
    indices: accessor(indices as Uint16Array<ArrayBuffer>, ELEMENT_ARRAY_BUFFER, {
      componentType: UNSIGNED_SHORT,
      type: 'SCALAR',
      count: indices.length,
    }),
  };
}
