import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture.js';
import { ThinTexture } from '@babylonjs/core/Materials/Textures/thinTexture.js';
import type { DataBuffer } from '@babylonjs/core/Buffers/dataBuffer.js';
import { NOTHING, UnflatError, nextTask, type Layer, type LayerMesh, type Raster, type Scene } from '../core/index.ts';
import { blurredBackdrop } from '../raster/index.ts';
import type { AroundPass } from './around-pass.ts';
import { GPU, type Gpu } from './gpu.ts';
import { changedColours, mayDifferInColours } from './changed-colours.ts';

/** Numbers of a vertex: x, y, disparity, low, high. */
export const VERTEX = [2, 1, 2];
export const VERTEX_BYTES = 20;

export interface GpuMesh {
  vertices: DataBuffer;
  indices: DataBuffer;
  count: number;
}

export interface GpuLayer extends GpuMesh {
  colours: ThinTexture;
  disparities: ThinTexture;
  /** Lowest and highest disparity around each pixel, as bytes of `span`. */
  around: ThinTexture;
  /** Lowest disparity of the layer, and highest less lowest. */
  span: [number, number];
  margin: number;
  softStart: number;
}

export interface GpuBackdrop extends GpuMesh {
  blurred: ThinTexture;
}

/** A scene's textures and buffers on one GPU context. */
export class GpuScene {
  readonly layers: GpuLayer[] = [];
  /** Bytes of GPU memory that the textures (with mipmaps) and buffers take. */
  bytes = 0;
  readonly #gpu: Gpu;
  readonly #cleanups: (() => void)[] = [];
  /** Textures made here, with their bytes. */
  readonly #textures = new Map<ThinTexture, number>();
  #scene: Scene;
  #backdrop: GpuBackdrop | undefined;
  #detail: ThinTexture | undefined;

  /**
   * Takes a scene to the GPU in small pieces, so that the page goes on in between.
   * @param isLate asked between the pieces; once true, what is there so far comes back, to be disposed of.
   * @throws UnflatError `image-too-large` where the graphics card has no textures of that size.
   */
  static async upload(gpu: Gpu, scene: Scene, aroundPass: AroundPass, isLate: () => boolean): Promise<GpuScene> {
    const most = gpu.getCaps().maxTextureSize;
    if (scene.layers.some(({ width, height }) => Math.max(width, height) > most)) {
      throw new UnflatError(
        'image-too-large',
        `This 3D photo is too large for the graphics card: its sides may be at most ${most} pixels. Make it anew with a smaller working size.`,
      );
    }
    const content = new GpuScene(gpu, scene);
    await aroundPass.ready();
    for (const piece of content.#pieces(aroundPass)) {
      if (isLate()) break;
      piece();
      await nextTask();
    }
    return content;
  }

  *#pieces(aroundPass: AroundPass): Generator<() => void> {
    const { scene } = this;
    for (const [index, layer] of scene.layers.entries()) {
      const mesh = scene.meshes[index];
      if (mesh) yield* this.#layer(layer, mesh, aroundPass);
    }
    const first = scene.layers[0];
    yield () => {
      const blurred = first ? blurredBackdrop(first) : { width: 1, height: 1, rgba: new Uint8ClampedArray([128, 128, 128, 255]) };
      const quad = this.#mesh(backdropQuad(scene), new Uint32Array([0, 1, 2, 2, 1, 3]));
      this.#backdrop = { ...quad, blurred: this.#colours(blurred, GPU.bilinear) };
    };
    const { detail } = scene;
    if (!detail || detail.width <= scene.width || Math.max(detail.width, detail.height) > this.#gpu.getCaps().maxTextureSize) return;
    yield () => {
      this.#detail = this.#colours(detail, GPU.trilinear);
      this.#detail.anisotropicFilteringLevel = 4;
    };
  }

  private constructor(gpu: Gpu, scene: Scene) {
    this.#gpu = gpu;
    this.#scene = scene;
  }

  /** What is on the GPU. */
  get scene(): Scene {
    return this.#scene;
  }

  /** Whether another scene looks as if only its colours were others; `recolour` finds out. */
  mayBecome(scene: Scene): boolean {
    return mayDifferInColours(this.#scene, scene);
  }

  /**
   * Takes over the colours of another scene that this one may become: what is shown stays until all of them are there, and then
   * changes at once. Geometry stays on the GPU.
   * @param isLate asked between small pieces of work; once true all stays as it is.
   * @returns whether it was done; if not, and it is not late, the scene differs in more.
   */
  async recolour(scene: Scene, isLate: () => boolean): Promise<boolean> {
    const changed = await changedColours(this.#scene, scene, isLate);
    if (!changed || isLate()) return false;
    const fresh = new Map<number, ThinTexture>();
    let blurred: ThinTexture | undefined;
    for (const [index, layer] of scene.layers.entries()) {
      if (!changed[index]) continue;
      fresh.set(index, this.#colours(layer, GPU.bilinear));
      await nextTask();
      if (!isLate()) continue;
      fresh.forEach((texture) => this.#drop(texture));
      return false;
    }
    if (fresh.has(0) && this.#backdrop) blurred = this.#colours(blurredBackdrop(scene.layers[0]!), GPU.bilinear);
    for (const [index, colours] of fresh) {
      const layer = this.layers[index]!;
      this.#drop(layer.colours);
      layer.colours = colours;
    }
    if (blurred && this.#backdrop) {
      this.#drop(this.#backdrop.blurred);
      this.#backdrop = { ...this.#backdrop, blurred };
    }
    this.#scene = scene;
    return true;
  }

  /** The blurred photo on a quad far behind everything. */
  get backdrop(): GpuBackdrop | undefined {
    return this.#backdrop;
  }

  /** The photo at its own resolution, where the scene has it and it is finer than layer 0. */
  get detail(): ThinTexture | undefined {
    return this.#detail;
  }

  /** Gives the memory back. Idempotent. */
  dispose(): void {
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    for (const texture of this.#textures.keys()) this.#drop(texture);
    this.bytes = 0;
  }

  *#layer(layer: Layer, mesh: LayerMesh, aroundPass: AroundPass): Generator<() => void> {
    const { width, height, margin } = layer;
    const gpu = this.#gpu;
    const made: Partial<GpuLayer> = { margin, softStart: mesh.softStart };
    yield () => (made.colours = this.#colours(layer, GPU.bilinear));
    yield () => {
      const texture = gpu.createRawTexture(layer.disparity, width, height, GPU.formatRed, false, false, GPU.nearest, null, GPU.typeFloat);
      made.disparities = this.#texture(texture, width * height * 4);
    };
    yield () => (made.span = spanOf(layer.disparity));
    let indices = mesh.indices;
    yield () => (indices = farFirst(mesh));
    yield () => {
      const { colours, disparities, span } = made as GpuLayer;
      const around = aroundPass.run({ colours, disparities, span, width, height });
      this.bytes += width * height * 2;
      this.#cleanups.push(() => around.dispose());
      this.layers.push({ ...(made as GpuLayer), ...this.#mesh(mesh.vertices, indices), around: new ThinTexture(around.texture) });
    };
  }

  #mesh(vertices: Float32Array, indices: Uint32Array): GpuMesh {
    const gpu = this.#gpu;
    // An empty buffer is an error to WebGL, a layer without triangles is not.
    const mesh = {
      vertices: gpu.createVertexBuffer(vertices.length ? vertices : new Float32Array(5)),
      indices: gpu.createIndexBuffer(indices.length ? indices : new Uint32Array(3)),
      count: indices.length,
    };
    this.bytes += vertices.byteLength + indices.byteLength;
    this.#cleanups.push(() => {
      gpu._releaseBuffer(mesh.vertices);
      gpu._releaseBuffer(mesh.indices);
    });
    return mesh;
  }

  #colours(raster: Raster, sampling: number): ThinTexture {
    const { width, height, rgba } = raster;
    const mipmaps = sampling === GPU.trilinear;
    const texture = this.#gpu.createRawTexture(rgba, width, height, GPU.formatRgba, mipmaps, false, sampling, null, GPU.typeByte);
    return this.#texture(texture, (width * height * 4 * (mipmaps ? 4 : 3)) / 3);
  }

  #texture(internal: InternalTexture, bytes: number): ThinTexture {
    const texture = new ThinTexture(internal);
    texture.wrapU = GPU.clamp;
    texture.wrapV = GPU.clamp;
    this.bytes += bytes;
    this.#textures.set(texture, bytes);
    return texture;
  }

  #drop(texture: ThinTexture): void {
    this.bytes -= this.#textures.get(texture) ?? 0;
    this.#textures.delete(texture);
    texture.dispose();
  }
}

/** Lowest disparity of what is there, and highest less lowest, above 0. */
function spanOf(disparity: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const d of disparity) {
    if (d === NOTHING) continue;
    if (d < low) low = d;
    if (d > high) high = d;
  }
  return low <= high ? [low, Math.max(1e-6, high - low)] : [0, 1];
}

/** A plane at the far end of the scene, three photos wide, so that it fills any camera's view. */
function backdropQuad({ layers, width, height }: Scene): Float32Array {
  const margin = layers[0]?.margin ?? 0;
  const [left, right] = [margin - width, margin + 2 * width];
  const [top, bottom] = [margin - height, margin + 2 * height];
  return new Float32Array([left, top, 0, 0, 0, right, top, 0, 0, 0, left, bottom, 0, 0, 0, right, bottom, 0, 0, 0]);
}

/** The mesh's triangles with the soft ones sorted from far to near, the order in which they blend rightly. */
function farFirst({ vertices, indices, softStart }: LayerMesh): Uint32Array {
  const count = (indices.length - softStart) / 3;
  const depths = new Float32Array(count);
  for (let t = 0; t < count; t++) {
    const i = softStart + t * 3;
    depths[t] = vertices[indices[i]! * 5 + 2]! + vertices[indices[i + 1]! * 5 + 2]! + vertices[indices[i + 2]! * 5 + 2]!;
  }
  const order = new Uint32Array(count).map((_, t) => t).sort((a, b) => depths[a]! - depths[b]!);
  const sorted = indices.slice();
  order.forEach((from, to) => {
    for (let k = 0; k < 3; k++) sorted[softStart + to * 3 + k] = indices[softStart + from * 3 + k]!;
  });
  return sorted;
}
