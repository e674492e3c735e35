import { UnflatError } from '../../core/index.ts';
import { Fault } from '../fault.ts';
import { countOf, isJson, listOf, pointedAt, type Json } from './list-of.ts';

export interface GltfCounts {
  /** All that is drawn, each mesh as often as it stands in the scene. */
  vertices: number;
  triangles: number;
  points: number;
}

/** What the loader here knows. Others that a file merely uses are left out; one that it requires is an error. */
export const KNOWN_EXTENSIONS: readonly string[] = [
  'EXT_texture_webp',
  'KHR_materials_clearcoat',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_pbrSpecularGlossiness',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_unlit',
  'KHR_mesh_quantization',
  'KHR_texture_transform',
];
const COMPRESSED: Readonly<Record<string, string>> = {
  KHR_draco_mesh_compression: 'Draco',
  EXT_meshopt_compression: 'meshopt',
  KHR_meshopt_compression: 'meshopt',
  KHR_texture_basisu: 'Basis Universal (KTX2)',
};

/** `deep`: the loader follows nested nodes by calls within calls. */
const MOST = { nodes: 200_000, deep: 1000, drawn: 50_000_000, withoutData: 1_000_000 };
const COMPONENT_BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const COMPONENTS: Readonly<Record<string, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 };
const TRIANGLES = 4;

/**
 * Checks that all a description counts and points at is there, before anything is loaded.
 * @param data the file's only buffer.
 * @throws Fault saying what is not.
 */
export function checkGltf(json: Json, data: Uint8Array): GltfCounts {
  const views = listOf(json, 'bufferViews');
  const accessors = listOf(json, 'accessors');
  let withoutData = 0;
  for (const accessor of accessors) {
    if (accessor['bufferView'] === undefined) withoutData += countOf(accessor, 'count');
    else checkInside(accessor, accessor['bufferView'], countOf(accessor, 'count'), elementBytes(accessor), views);
    if (isJson(accessor['sparse'])) checkSparse(accessor, accessor['sparse'], views);
  }
  if (withoutData > MOST.withoutData) throw new Fault(`it counts ${withoutData} values that it does not hold`);

  const meshes = listOf(json, 'meshes').map((mesh) => countMesh(mesh, accessors, views, data));
  const nodes = listOf(json, 'nodes');
  if (nodes.length > MOST.nodes) throw new Fault(`it has ${nodes.length} nodes, more than the ${MOST.nodes} that are opened`);
  checkTree(nodes);
  const total: GltfCounts = { vertices: 0, triangles: 0, points: 0 };
  for (const node of nodes) {
    if (node['mesh'] === undefined) continue;
    const counts = meshes[countOf(node, 'mesh')];
    if (!counts) throw new Fault('a node names a mesh that is not there');
    total.vertices += counts.vertices;
    total.triangles += counts.triangles;
    total.points += counts.points;
  }
  if (total.vertices > MOST.drawn || total.triangles > MOST.drawn)
    throw new Fault(
      `it draws ${Math.max(total.vertices, total.triangles)} vertices or triangles, more than the ${MOST.drawn} that are opened`,
    );
  if (!total.vertices) throw new Fault('there is nothing in it that can be shown');
  return total;
}

/** @throws UnflatError `unsupported` for compression and extensions that are not known. */
export function checkExtensions(json: Json, name: string): void {
  const required = json['extensionsRequired'];
  for (const extension of Array.isArray(required) ? required.map(String) : []) {
    const compression = Object.hasOwn(COMPRESSED, extension) ? COMPRESSED[extension] : undefined;
    if (compression)
      throw new UnflatError(
        'unsupported',
        `${name} is compressed with ${compression}, which Unflat does not read. Save it without that compression.`,
      );
    if (!KNOWN_EXTENSIONS.includes(extension))
      throw new UnflatError(
        'unsupported',
        `${name} needs the glTF extension ${extension.slice(0, 60)}, which Unflat does not read. Save it without that extension.`,
      );
  }
}

function elementBytes(accessor: Json): number {
  const type = accessor['type'];
  const size = COMPONENT_BYTES[countOf(accessor, 'componentType')];
  const components = typeof type === 'string' && Object.hasOwn(COMPONENTS, type) ? COMPONENTS[type] : undefined;
  if (!size || !components) throw new Fault('values in it have an unknown type');
  return size * components;
}

function checkInside(from: Json, index: unknown, count: number, bytes: number, views: readonly Json[]): void {
  const view = pointedAt(views, index, 'data');
  const stride = countOf(view, 'byteStride', 0) || bytes;
  const end = countOf(from, 'byteOffset', 0) + (count ? (count - 1) * stride + bytes : 0);
  if (end > countOf(view, 'byteLength')) throw new Fault('it counts more values than it holds');
}

function checkSparse(accessor: Json, sparse: Json, views: readonly Json[]): void {
  const count = countOf(sparse, 'count');
  const { indices, values } = sparse;
  if (count > countOf(accessor, 'count') || !isJson(indices) || !isJson(values)) throw new Fault('values in it are damaged');
  checkInside(indices, indices['bufferView'], count, COMPONENT_BYTES[countOf(indices, 'componentType')] ?? 4, views);
  checkInside(values, values['bufferView'], count, elementBytes(accessor), views);
}

function countMesh(mesh: Json, accessors: readonly Json[], views: readonly Json[], data: Uint8Array): GltfCounts {
  const counts: GltfCounts = { vertices: 0, triangles: 0, points: 0 };
  for (const primitive of listOf(mesh, 'primitives')) {
    const { attributes, indices } = primitive;
    if (!isJson(attributes)) throw new Fault('a mesh in it has no vertices');
    // Without places there is nothing to draw, which the format allows.
    if (attributes['POSITION'] === undefined) continue;
    const vertices = countOf(pointedAt(accessors, attributes['POSITION'], 'values'), 'count');
    for (const [name, index] of Object.entries(attributes)) {
      if (countOf(pointedAt(accessors, index, 'values'), 'count') !== vertices)
        throw new Fault(`a mesh in it has another number of ${name.slice(0, 20)} than of vertices`);
    }
    const mode = countOf(primitive, 'mode', TRIANGLES);
    const drawn = indices === undefined ? vertices : checkIndices(pointedAt(accessors, indices, 'indices'), vertices, views, data);
    counts.vertices += vertices;
    if (mode === 0) counts.points += drawn;
    else if (mode === TRIANGLES) counts.triangles += Math.floor(drawn / 3);
    else if (mode > TRIANGLES) counts.triangles += Math.max(0, drawn - 2);
  }
  return counts;
}

/** @returns how many there are. @throws Fault where one leads past the last vertex. */
function checkIndices(accessor: Json, vertices: number, views: readonly Json[], data: Uint8Array): number {
  const count = countOf(accessor, 'count');
  const size = COMPONENT_BYTES[countOf(accessor, 'componentType')] ?? 4;
  if (accessor['type'] !== 'SCALAR' || accessor['bufferView'] === undefined) return count;
  const view = pointedAt(views, accessor['bufferView'], 'indices');
  const start = countOf(view, 'byteOffset', 0) + countOf(accessor, 'byteOffset', 0);
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < count; i++) {
    const at = start + i * size;
    const index = size === 1 ? bytes.getUint8(at) : size === 2 ? bytes.getUint16(at, true) : bytes.getUint32(at, true);
    if (index >= vertices) throw new Fault(`a triangle names vertex ${index} of ${vertices}`);
  }
  return count;
}

/** Every node below one parent at most, and none below itself. */
function checkTree(nodes: readonly Json[]): void {
  const parents = new Map<number, number>();
  for (const [parent, node] of nodes.entries()) {
    const { children } = node;
    if (children === undefined) continue;
    if (!Array.isArray(children)) throw new Fault('its tree of nodes is damaged');
    for (const child of children as unknown[]) {
      pointedAt(nodes, child, 'the node');
      if (parents.has(child as number)) throw new Fault('a node in it has two parents');
      parents.set(child as number, parent);
    }
  }
  const depths = new Map<number, number>();
  for (let node = 0; node < nodes.length; node++) {
    const path: number[] = [];
    let at: number | undefined = node;
    for (; at !== undefined && !depths.has(at); at = parents.get(at)) {
      path.push(at);
      if (path.length > MOST.deep) throw new Fault('its nodes are nested without end');
    }
    let depth = at === undefined ? 0 : depths.get(at)!;
    for (const each of path.reverse()) depths.set(each, ++depth);
    if (depth > MOST.deep) throw new Fault('its nodes are nested too deep');
  }
}
