/**
 * WebKit reads no Blob in a worker without an origin. Where that is so, Blobs keep a copy of what they hold, so that files that a plugin makes can
 * be handed over. What other makers of Blobs give (`convertToBlob` of a canvas) stays unreadable there.
 */
export function readableBlobs(scope: Record<string, unknown>): void {
  const Original = scope['Blob'] as typeof Blob;
  const held = new WeakMap<object, Uint8Array<ArrayBuffer>>();
  // Known long before the first call of a plugin.
  let isReadable = true;
  new Original(['x']).arrayBuffer().catch(() => (isReadable = false));

  const bytesOf = (part: BlobPart): Uint8Array => {
    if (typeof part === 'string') return new TextEncoder().encode(part);
    if (part instanceof ArrayBuffer) return new Uint8Array(part);
    if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    return held.get(part) ?? new Uint8Array();
  };
  const joined = (parts: readonly BlobPart[]): Uint8Array<ArrayBuffer> => {
    const all = parts.map(bytesOf);
    const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const each of all) {
      bytes.set(each, at);
      at += each.length;
    }
    return bytes;
  };

  scope['Blob'] = class Blob extends Original {
    constructor(parts: Iterable<BlobPart> = [], options?: BlobPropertyBag) {
      const list = [...parts];
      super(list, options);
      if (!isReadable) held.set(this, joined(list));
    }

    override arrayBuffer(): Promise<ArrayBuffer> {
      const own = held.get(this);
      return own ? Promise.resolve(own.slice().buffer) : super.arrayBuffer();
    }

    override text(): Promise<string> {
      const own = held.get(this);
      return own ? Promise.resolve(new TextDecoder().decode(own)) : super.text();
    }

    override slice(start?: number, end?: number, type?: string): globalThis.Blob {
      const own = held.get(this);
      return own ? new Blob([own.slice(start, end)], { type: type ?? '' }) : super.slice(start, end, type);
    }
  };
}
