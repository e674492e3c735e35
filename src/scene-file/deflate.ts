/** Deflates bytes, without a header (RFC 1951). */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A piece of packed bytes: no more than a thousand times as much comes out of it before somebody can look at the sum. */
const PIECE_BYTES = 8192;

/** Packed bytes as a stream that gives them in small pieces, each when the one before is used up. */
export function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      pull(to) {
        if (at >= bytes.length) return to.close();
        to.enqueue(bytes.subarray(at, (at += PIECE_BYTES)));
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Inflates bytes of which no more than `most` are expected.
 * @throws RangeError where there are more; whatever the platform throws for damaged data.
 */
export async function inflateAtMost(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<Uint8Array> {
  const reader = inPieces(bytes).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      // What else is in the stream is of no interest.
      reader.cancel().catch(() => undefined);
      throw new RangeError(`more than ${most} bytes`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
