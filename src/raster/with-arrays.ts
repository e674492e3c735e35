import type { DrawnScene } from './prepare-scene.ts';

/** The large parts of a scene. */
export type SceneArray = Uint8ClampedArray | Float32Array | Uint32Array;

/** Arrays of each layer; those of the last layer come last. */
export const LAYER_ARRAYS = 2;

/** A scene whose arrays are replaced, in an order that is always the same, layers last; what is not drawn is left out. */
export function withArrays(scene: DrawnScene, replace: <T extends SceneArray>(array: T) => T): DrawnScene {
  const { width, height, lens, layers, meshes, detail } = scene;
  return {
    width,
    height,
    lens: { ...lens },
    meshes: meshes.map(({ vertices, indices, softStart }) => ({ vertices: replace(vertices), indices: replace(indices), softStart })),
    ...(detail && { detail: { width: detail.width, height: detail.height, rgba: replace(detail.rgba) } }),
    layers: layers.map((layer) => ({
      width: layer.width,
      height: layer.height,
      margin: layer.margin,
      rgba: replace(layer.rgba),
      disparity: replace(layer.disparity),
      joins: new Uint8Array(0),
    })),
  };
}

/** An array of the same kind with so many numbers, all 0. @param isShared threads are to see the same memory. */
export function arrayLike<T extends SceneArray>(array: T, length: number, isShared = false): T {
  const bytes = length * array.BYTES_PER_ELEMENT;
  const buffer = isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return new (array.constructor as new (buffer: ArrayBufferLike) => T)(buffer);
}

/** The memory of an array. */
export function bytesOf({ buffer, byteOffset, byteLength }: SceneArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
