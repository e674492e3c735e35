/** What goes to a plugin in its sandbox, and what may come back. What comes back is data of a stranger, whatever these types say. */

/** The methods of a plugin, and `describe`, which gives its definition. */
export type SandboxMethod = 'describe' | 'detect' | 'estimate' | 'inpaint' | 'inpaintAll' | 'quick' | 'write';

/** A service of the host that a plugin may ask for while it works. */
export type SandboxService = 'decodeImage' | 'infer' | 'estimateDepth' | 'reach' | 'frames' | 'nextFrame' | 'endFrames';

export interface SandboxError {
  /** `UnflatError` where it is meant for people. */
  name: string;
  code: string;
  message: string;
  /** Of what a plugin threw. */
  stack?: string;
}

export type ToSandbox =
  | {
      type: 'call';
      id: number;
      method: SandboxMethod;
      input: unknown;
      howToSet: Readonly<Record<string, string>>;
      /** Pixels that become `input.photo.rgba`; `kept`: those of the last call that brought some. */
      pixels?: Uint8ClampedArray | 'kept';
    }
  | { type: 'abort'; id: number }
  | { type: 'reply'; ask: number; value?: unknown; error?: SandboxError };

export type FromSandbox =
  | { type: 'ready' }
  | { type: 'failed'; message: string; stack?: string }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; isAbort: boolean; error: SandboxError }
  | { type: 'progress'; id: number; fraction: number; note?: string }
  | { type: 'warn' | 'note'; id: number; message: string }
  | { type: 'ask'; id: number; ask: number; service: SandboxService; request: unknown };
