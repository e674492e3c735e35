import type { InferRequest, InferResult, ModelInfo } from '../core/index.ts';
import { Calls } from './calls.ts';
import type { FromServer, InferPhase } from './messages.ts';

/** The networks of the page, from another thread: the other end of `Inference.connect()`. */
export class InferenceClient {
  readonly #port: MessagePort;
  readonly #calls: Calls;

  /** @param port what `connect` gave, handed over. */
  constructor(port: MessagePort) {
    this.#port = port;
    this.#calls = new Calls((message) => port.postMessage(message));
    port.onmessage = ({ data }: MessageEvent<FromServer>) => this.#calls.receive(data);
  }

  /** As `Inference.models`. */
  models(): Promise<ModelInfo[]> {
    return this.#calls.request({ name: 'models' });
  }

  /** As `Inference.infer`. */
  infer(request: InferRequest, signal?: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult> {
    return this.#calls.request({ name: 'infer', request }, { signal, onPhase });
  }

  /** Closes the port; what was still open rejects with an `AbortError`. */
  dispose(): void {
    this.#port.close();
    this.#calls.rejectAll(new DOMException('The connection was closed.', 'AbortError'));
  }
}
