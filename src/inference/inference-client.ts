import type { InferRequest, InferResult, ModelInfo, Raster } from '../core/index.ts';
import { Calls, type FromAnswerer } from '../worker/index.ts';
import type { InferenceCall, InferenceNote, InferPhase } from './inference-call.ts';

/** The models of the page, from another thread: the other end of `Inference.connect()`. */
export class InferenceClient {
  readonly #port: MessagePort;
  readonly #calls: Calls<InferenceCall, InferenceNote>;

  /** @param port what `connect` gave, handed over. */
  constructor(port: MessagePort) {
    this.#port = port;
    this.#calls = new Calls((message) => port.postMessage(message));
    port.onmessage = ({ data }: MessageEvent<FromAnswerer<InferenceNote>>) => this.#calls.receive(data);
  }

  /** As `Inference.models`. */
  models(): Promise<ModelInfo[]> {
    return this.#calls.request(() => ({ name: 'models' }));
  }

  /** As `Inference.infer`. */
  infer(request: InferRequest, signal?: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult> {
    const call: InferenceCall = { name: 'infer', request: { ...request, image: shared(request.image) } };
    return this.#calls.request(() => call, { signal, onNote: (note) => 'phase' in note && onPhase?.(note.phase) });
  }

  /** Closes the port; what was still open rejects with an `AbortError`. */
  dispose(): void {
    this.#port.close();
    this.#calls.rejectAll(new DOMException('The connection was closed.', 'AbortError'));
  }
}

/** The page passes on what it gets: a picture in shared memory costs its thread nothing, a large one would hold it up while it is copied. */
function shared(image: Raster): Raster {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false) return image;
  const rgba = new Uint8ClampedArray(new SharedArrayBuffer(image.rgba.length));
  rgba.set(image.rgba);
  return { ...image, rgba };
}
