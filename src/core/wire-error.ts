import { UnflatError, type UnflatErrorCode } from './unflat-error.ts';

/** An error as plain data: structured cloning forgets classes and codes. */
export interface WireError {
  name: string;
  message: string;
  stack?: string;
  code?: UnflatErrorCode;
  notes?: readonly string[];
  cause?: WireError;
}

/** Makes plain data of whatever was thrown. */
export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = error instanceof UnflatError ? { code: error.code, notes: error.notes } : {};
  const cause = error.cause === undefined ? {} : { cause: toWire(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...code, ...cause };
}

/** Makes the error again, of its own class where it is one of ours or the platform's. */
export function fromWire(wire: WireError): Error {
  const options = wire.cause ? { cause: fromWire(wire.cause) } : undefined;
  let error: Error;
  if (wire.code) error = Object.assign(new UnflatError(wire.code, wire.message, options), { notes: wire.notes ?? [] });
  else if (wire.name === 'TypeError') error = new TypeError(wire.message, options);
  else if (wire.name === 'AbortError') error = new DOMException(wire.message, 'AbortError');
  else error = Object.assign(new Error(wire.message, options), { name: wire.name });
  if (wire.stack && !(error instanceof DOMException)) error.stack = wire.stack;
  return error;
}
