import { fovDeg } from 'unflat/plugin';
import type { Layer, Scene } from 'unflat/plugin';
import { BinaryPart, glbOf } from './glb.ts';
import { surfaceOf, type Surface } from './surface.ts';

export interface GlbOptions {
  /** Whether what was grown outside the photo is written, too. */
  margin: boolean;
  /** Largest parallax error at the eyebox's end, in photo pixels. */
  errorPx: number;
}

const ARRAY_BUFFER = 34962;
const ELEMENT_ARRAY_BUFFER = 34963;
const FLOAT = 5126;
const UNSIGNED_SHORT = 5123;
const UNSIGNED_INT = 5125;
const LINEAR = 9729;
const CLAMP_TO_EDGE = 33071;

/**
 * Writes the scene as binary glTF: a mesh a layer, textured with the layer's picture, unlit, so that
 * colours are the photo's; and the photo's camera.
 * @param texture gives a layer's picture as PNG or JPEG.
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 */
export async function writeGlb(
  scene: Scene,
  options: GlbOptions,
  texture: (layer: Layer, index: number) => Promise<Blob>,
  pause: (fraction: number) => Promise<void>,
): Promise<Blob> {
  const { lens, eyebox, width, height } = scene;
  const longer = Math.max(width, height);
  // Sideways parallax of the whole move is longer·fx·x·q; forward it is at most half of the picture times z·q.
  const perInverse = longer * Math.max(lens.fx * eyebox.x, lens.fy * eyebox.y, eyebox.z / 2, 0.005 * lens.near);
  const binary = new BinaryPart();
  const json = {
    asset: { version: '2.0', generator: 'Unflat' },
    extensionsUsed: ['KHR_materials_unlit'],
    scene: 0,
    scenes: [{ name: scene.name, nodes: [] as number[] }],
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
  const count = scene.layers.length;
  for (const [index, layer] of scene.layers.entries()) {
    const inset = options.margin ? 0 : layer.margin;
    const part = (fraction: number): Promise<void> => pause((index + fraction) / count);
    const tolerance = options.errorPx / perInverse;
    const behind = index === 0 ? scene.layers.slice(1) : undefined;
    const surface = await surfaceOf(layer, { lens, longer, inset, tolerance, behind }, (fraction) => part(fraction * 0.7));
    if (surface.indices.length === 0) continue;
    const picture = await texture(layer, index);
    await part(0.9);
    const k = json.meshes.length;
    const name = index === 0 ? 'Photo' : `Behind ${index}`;
    json.images.push({ bufferView: binary.add(new Uint8Array(await picture.arrayBuffer())), mimeType: picture.type });
    json.textures.push({ sampler: 0, source: k });
    json.materials.push({
      name,
      doubleSided: true,
      pbrMetallicRoughness: { baseColorTexture: { index: k }, metallicFactor: 0, roughnessFactor: 1 },
      extensions: { KHR_materials_unlit: {} },
    });
    json.meshes.push({ name, primitives: [{ ...addGeometry(json.accessors, binary, surface, layer), material: k }] });
    json.scenes[0]!.nodes.push(json.nodes.push({ name, mesh: k }) - 1);
  }
  json.scenes[0]!.nodes.push(json.nodes.push({ name: 'Camera', camera: 0 }) - 1);
  // Empty lists are not allowed.
  const full = Object.fromEntries(Object.entries(json).filter(([, value]) => !Array.isArray(value) || value.length > 0));
  if (json.meshes.length === 0) for (const unused of ['extensionsUsed', 'samplers']) delete full[unused];
  return glbOf(full, binary);
}

function addGeometry(accessors: object[], binary: BinaryPart, surface: Surface, layer: Layer): { attributes: Record<string, number>; indices: number } {
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
    indices: accessor(indices as Uint32Array<ArrayBuffer>, ELEMENT_ARRAY_BUFFER, { componentType: UNSIGNED_INT, type: 'SCALAR', count: indices.length }),
  };
}
