/** First byte of a record: how the rest is written. */
const PLAIN = 0;
const DEFLATED = 1;

/** Makes bytes smaller where the browser has a compressor (all since 2023). */
export async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof CompressionStream === 'undefined') return marked(PLAIN, bytes);
  return marked(DEFLATED, await through(bytes, new CompressionStream('deflate')));
}

/** @throws RangeError where the bytes are not what `compress` made. */
export async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  // A copy, so that what follows lies on a multiple of 8.
  if (bytes[0] === PLAIN) return bytes.slice(1);
  if (bytes[0] !== DEFLATED) throw new RangeError('The record is not written in a way that is known here.');
  try {
    return await through(bytes.subarray(1), new DecompressionStream('deflate'));
  } catch (error) {
    throw new RangeError('The record cannot be unpacked.', { cause: error });
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const source = new Blob([bytes]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

function marked(mark: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes.length + 1);
  all[0] = mark;
  all.set(bytes, 1);
  return all;
}
