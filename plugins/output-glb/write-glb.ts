import { backdropOf, fovDeg, reliefOf } from 'unflat/plugin';
import type { Layer, Lens, Scene } from 'unflat/plugin';
import { BinaryPart, glbOf } from './glb-of.ts';
import { surfaceOf, type Surface } from './surface.ts';

export interface GlbOptions {
  /** Whether what was grown outside the photo is written, too. */
  margin: boolean;
  /** Largest parallax error at the eyebox's end, in photo pixels. */
  errorPx: number;
  /** Whether the depth is made compact, and the scene put at the origin; else distances are as estimated and the camera is at the origin. */
  relief: boolean;
}

const ARRAY_BUFFER = 34962;
const ELEMENT_ARRAY_BUFFER = 34963;
const FLOAT = 5126;
const UNSIGNED_SHORT = 5123;
const LINEAR = 9729;
const CLAMP_TO_EDGE = 33071;
/** So many vertices two bytes tell apart; the highest number is reserved. */
const MOST_VERTICES = 65535;

/**
 * Writes the scene as binary glTF: a mesh a layer, textured with the layer's picture, unlit, so that
 * colours are the photo's; with a relief, a smooth surface behind them all; and the photo's camera.
 * @param texture gives a layer's picture as PNG or JPEG.
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 */
export async function writeGlb(
  scene: Scene,
  options: GlbOptions,
  texture: (layer: Layer, index: number) => Promise<Blob>,
  pause: (fraction: number) => Promise<void>,
): Promise<Blob> {
  const { eyebox, width, height } = scene;
  const longer = Math.max(width, height);
  const { lens, centre, scale } = options.relief ? reliefOf(scene) : { lens: scene.lens, centre: 0, scale: 1 };
  const place = centre > 0 && { translation: [0, 0, centre] };
  // Sideways parallax of the whole move is longer·fx·x·q; forward it is at most half of the picture times z·q.
  const perInverse = longer * Math.max(lens.fx * eyebox.x, lens.fy * eyebox.y, eyebox.z / 2, 0.005 * scene.lens.near);
  const binary = new BinaryPart();
  const json = {
    asset: { version: '2.0', generator: 'Unflat' },
    extensionsUsed: ['KHR_materials_unlit'],
    scene: 0,
    scenes: [{ name: scene.name, nodes: [] as number[], extras: words(scene.lens, lens) }],
    nodes: [] as object[],
    meshes: [] as object[],
    materials: [] as object[],
    textures: [] as object[],
    images: [] as object[],
    accessors: [] as object[],
    samplers: [{ magFilter: LINEAR, minFilter: LINEAR, wrapS: CLAMP_TO_EDGE, wrapT: CLAMP_TO_EDGE }],
    cameras: [
      {
        name: 'Photo',
        type: 'perspective',
        perspective: { yfov: (fovDeg(height / longer, lens.fy) * Math.PI) / 180, aspectRatio: width / height, znear: lens.near / 10 },
      },
    ],
  };
  const backdrop = options.relief ? backdropOf(scene, lens, options.margin) : undefined;
  const tolerance = (scale * options.errorPx) / perInverse;
  const sheets = scene.layers.map((layer, index) => ({
    layer,
    name: index === 0 ? 'Photo' : `Behind ${index}`,
    lens,
    longer,
    inset: options.margin ? 0 : layer.margin,
    tolerance,
  }));
  if (backdrop)
    sheets.push({ layer: backdrop.layer, name: 'Backdrop', lens: backdrop.lens, longer: longer / backdrop.step, inset: 0, tolerance });
  const count = sheets.length;
  for (const [index, { layer, name, ...sheet }] of sheets.entries()) {
    const part = (fraction: number): Promise<void> => pause((index + fraction) / count);
    const surface = await surfaceOf(layer, sheet, (fraction) => part(fraction * 0.7));
    if (surface.indices.length === 0) continue;
    const picture = await texture(layer, index);
    await part(0.9);
    const k = json.meshes.length;
    json.images.push({ bufferView: binary.add(new Uint8Array(await picture.arrayBuffer())), mimeType: picture.type });
    json.textures.push({ sampler: 0, source: k });
    json.materials.push({
      name,
      doubleSided: true,
      pbrMetallicRoughness: { baseColorTexture: { index: k }, metallicFactor: 0, roughnessFactor: 1 },
      extensions: { KHR_materials_unlit: {} },
    });
    json.meshes.push({
      name,
      primitives: parts(surface).map((each) => ({ ...addGeometry(json.accessors, binary, each, layer), material: k })),
    });
    json.scenes[0]!.nodes.push(json.nodes.push({ name, mesh: k, ...place }) - 1);
  }
  json.scenes[0]!.nodes.push(json.nodes.push({ name: 'Camera', camera: 0, ...place }) - 1);
  // Empty lists are not allowed.
  const full = Object.fromEntries(Object.entries(json).filter(([, value]) => !Array.isArray(value) || value.length > 0));
  if (json.meshes.length === 0) for (const unused of ['extensionsUsed', 'samplers']) delete full[unused];
  return glbOf(full, binary);
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

/** The surface in parts whose vertices have numbers of two bytes, which makes the file a fourth smaller. */
function parts({ pixels, positions, indices }: Surface): Part[] {
  const all: Part[] = [];
  const numbers = new Int32Array(pixels.length).fill(-1);
  let from: number[] = [];
  let triangles: number[] = [];
  const finish = (): void => {
    const place = new Float32Array(3 * from.length);
    from.forEach((vertex, n) => place.set(positions.subarray(3 * vertex, 3 * vertex + 3), 3 * n));
    all.push({ pixels: Uint32Array.from(from, (vertex) => pixels[vertex]!), positions: place, indices: Uint16Array.from(triangles) });
    for (const vertex of from) numbers[vertex] = -1;
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

interface Part extends Omit<Surface, 'indices'> {
  indices: Uint16Array;
}

function addGeometry(
  accessors: object[],
  binary: BinaryPart,
  surface: Part,
  layer: Layer,
): { attributes: Record<string, number>; indices: number } {
  const { pixels, positions, indices } = surface;
  const count = pixels.length;
  const places = new Uint16Array(2 * count);
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n < count; n++) {
    places[2 * n] = Math.round((((pixels[n]! % layer.width) + 0.5) / layer.width) * 65535);
    places[2 * n + 1] = Math.round(((Math.floor(pixels[n]! / layer.width) + 0.5) / layer.height) * 65535);
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
      TEXCOORD_0: accessor(places, ARRAY_BUFFER, { componentType: UNSIGNED_SHORT, normalized: true, type: 'VEC2', count }),
    },
    indices: accessor(indices as Uint16Array<ArrayBuffer>, ELEMENT_ARRAY_BUFFER, {
      componentType: UNSIGNED_SHORT,
      type: 'SCALAR',
      count: indices.length,
    }),
  };
}
