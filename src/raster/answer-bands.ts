import { nextTask, toWire, type Camera, type WireError } from '../core/index.ts';
import { preparing, type DrawnScene, type PreparedScene } from './prepare-scene.ts';
import { LAYER_ARRAYS, arrayLike, bytesOf, withArrays } from './with-arrays.ts';
import { SoftwareRenderer } from './software-renderer.ts';

/** What the page tells a worker that draws bands of pictures to be looked at. Several scenes are open at a time, each by its number. */
export type ToBands = { id: number; scene: number } & (
  | {
      type: 'open';
      /** The scene with its arrays in memory that threads share; or without: then they have these lengths and follow in pieces. */
      shell: DrawnScene;
      lengths?: number[];
    }
  /** Bytes of an array, from `at` on; the buffer goes back. */
  | { type: 'piece'; array: number; at: number; buffer: ArrayBuffer; size: number }
  /** All pieces were sent, or those of so many layers. */
  | { type: 'prepare'; layers?: number }
  | { type: 'close' }
  /** @param out memory for the picture, of an earlier one. */
  | { type: 'band'; camera: Camera; out?: ArrayBuffer }
);

/** What comes back of a message. */
export interface FromBands {
  id: number;
  /** It failed, and the scene is closed. */
  error?: WireError;
  /** Of a piece. */
  buffer?: ArrayBuffer;
  /** Of the last `prepare`: bytes that the scene takes here. */
  bytes?: number;
  /** Of a band: its pixels, and milliseconds that drawing them took. */
  rgba?: Uint8ClampedArray<ArrayBuffer>;
  ms?: number;
}

interface OpenScene {
  steps?: Generator<void, PreparedScene>;
  /** Layers that are ready. */
  ready: number;
  /** Number of the first one of a layer. */
  layerArrays: number;
  arrays: (Uint8Array | undefined)[];
  renderer?: SoftwareRenderer;
}

/** @returns answers a message, and says whether it was one of these. */
export function answerBands(post: (message: FromBands, transfer: Transferable[]) => void): (message: { type: string }) => boolean {
  const open = new Map<number, OpenScene>();
  const prepare = async (id: number, number: number, layers = Infinity): Promise<void> => {
    const one = open.get(number);
    while (one?.steps && one.ready < layers) {
      const step = one.steps.next();
      if (step.done) {
        one.renderer = new SoftwareRenderer(step.value);
        delete one.steps;
        return post({ id, bytes: preparedBytes(step.value) }, []);
      }
      // What is drawn needs little of the scene; the rest is let go.
      const first = one.layerArrays + LAYER_ARRAYS * one.ready++;
      one.arrays.fill(undefined, first, first + LAYER_ARRAYS);
      // Other scenes are drawn in between.
      await nextTask();
      if (open.get(number) !== one) break;
    }
    post({ id }, []);
  };
  const answer = async (message: ToBands): Promise<void> => {
    const { id, scene: number } = message;
    if (message.type === 'open') {
      open.set(number, emptyScene(message.shell, message.lengths));
      post({ id }, []);
    } else if (message.type === 'piece') {
      const { array, at, buffer, size } = message;
      open.get(number)?.arrays[array]?.set(new Uint8Array(buffer, 0, size), at);
      post({ id, buffer }, [buffer]);
    } else if (message.type === 'prepare') await prepare(id, number, message.layers);
    else if (message.type === 'close') open.delete(number);
    else {
      const { camera, out } = message;
      const start = performance.now();
      const renderer = open.get(number)?.renderer;
      if (!renderer) throw new TypeError('the scene is not open');
      const given = out?.byteLength === camera.width * camera.height * 4 ? { out: new Uint8ClampedArray(out) } : {};
      const rgba = renderer.draw(camera, given).rgba as Uint8ClampedArray<ArrayBuffer>;
      post({ id, rgba, ms: performance.now() - start }, [rgba.buffer]);
    }
  };
  return (data) => {
    if (!TYPES.has(data.type)) return false;
    const message = data as ToBands;
    answer(message).catch((error: unknown) => {
      open.delete(message.scene);
      post({ id: message.id, error: toWire(error) }, []);
    });
    return true;
  };
}

function emptyScene(shell: DrawnScene, lengths: number[] | undefined): OpenScene {
  const arrays: Uint8Array[] = [];
  if (!lengths) return { steps: preparing(shell), ready: 0, layerArrays: 0, arrays };
  const scene = withArrays(shell, (array) => {
    const full = arrayLike(array, lengths[arrays.length]!);
    arrays.push(bytesOf(full));
    return full;
  });
  return { steps: preparing(scene), ready: 0, layerArrays: arrays.length - LAYER_ARRAYS * scene.layers.length, arrays };
}

const TYPES = new Set(['open', 'piece', 'prepare', 'close', 'band']);

function preparedBytes({ layers, detail }: PreparedScene): number {
  const ofLayers = layers.reduce(
    (sum, { vertices, indices, sharp, patches }) =>
      sum + vertices.byteLength + indices.byteLength + sharp.texels.byteLength + patches.texels.byteLength + patches.places.byteLength,
    0,
  );
  return ofLayers + (detail?.levels.reduce((sum, { texels }) => sum + texels.byteLength, 0) ?? 0);
}
