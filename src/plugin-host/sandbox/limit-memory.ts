/** Constructors of a worker's global scope that take memory by the byte. */
const ARRAYS = [
  'ArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

/**
 * Counts what buffers take and refuses more than `mostBytes` at a time. Lists, texts and objects are not counted: for them there is
 * what the browser allows a worker, and the time that a plugin may be silent.
 */
export function limitMemory(scope: Record<string, unknown>, mostBytes: number): void {
  let bytes = 0;
  const gone = new FinalizationRegistry<number>((size) => (bytes -= size));
  const seen = new WeakSet<object>();
  for (const name of ARRAYS) {
    const Original = scope[name] as (new (...args: unknown[]) => object) | undefined;
    if (typeof Original !== 'function') continue;
    const elementBytes = (Original as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const counted = new Proxy(Original, {
      construct(target, args: unknown[], newTarget) {
        const [first] = args;
        const length = typeof first === 'number' ? first : 0;
        if (bytes + length * elementBytes > mostBytes) throw new RangeError(`A plugin may use ${Math.round(mostBytes / 2 ** 20)} MB.`);
        const made = Reflect.construct(target, args, newTarget) as ArrayBufferView & ArrayBuffer;
        const buffer = made.buffer ?? made;
        if (!seen.has(buffer)) {
          seen.add(buffer);
          bytes += buffer.byteLength;
          gone.register(buffer, buffer.byteLength);
        }
        return made;
      },
    });
    (Original.prototype as { constructor: unknown }).constructor = counted;
    scope[name] = counted;
  }
}
