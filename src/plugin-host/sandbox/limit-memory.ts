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
  const originals = new Map<string, ViewConstructor>();
  for (const name of ARRAYS) {
    const Original = scope[name] as (new (...args: unknown[]) => object) | undefined;
    if (typeof Original !== 'function') continue;
    originals.set(name, Original);
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
  quickenSubarray(originals);
}

type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => object;

/**
 * `subarray` takes no memory, and plugins call it for each pixel: it makes its views without the counting constructor, which takes a microsecond. What it
 * reads of an array is read by the engine's own getters, as a plugin can lay others over them.
 */
function quickenSubarray(originals: ReadonlyMap<string, ViewConstructor>): void {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const { apply } = Reflect;
  const { trunc, min, max } = Math;
  const getter = (name: PropertyKey): (() => unknown) => Object.getOwnPropertyDescriptor(prototype, name)!.get!;
  const [nameOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, 'buffer', 'byteOffset', 'length'].map(getter) as [
    () => string,
    () => ArrayBuffer,
    () => number,
    () => number,
  ];
  const Constructors = Object.fromEntries(originals);
  Object.setPrototypeOf(Constructors, null);
  const within = (value: number, length: number): number => (value < 0 ? max(0, length + value) : min(value, length));
  prototype.subarray = function (this: Uint8Array, begin = 0, end?: number): Uint8Array<ArrayBuffer> {
    const length = apply(lengthOf, this, []);
    const from = within(trunc(begin) || 0, length);
    const to = end === undefined ? length : within(trunc(end) || 0, length);
    const Original = Constructors[apply(nameOf, this, [])]! as unknown as Uint8ArrayConstructor;
    return new Original(apply(bufferOf, this, []), apply(offsetOf, this, []) + from * Original.BYTES_PER_ELEMENT, max(0, to - from));
  };
}
