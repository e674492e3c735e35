/** What a 3D photo's web page in one file runs: it unpacks the element and the photo that lie in the page, and asks nobody for anything. */

const bytesOf = (id: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ''), (letter) => letter.charCodeAt(0));

async function open(): Promise<void> {
  const packed = new Blob([bytesOf('element')]).stream();
  const script = document.createElement('script');
  // The page's policy has the hash of just this text.
  script.textContent = await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text();
  document.head.append(script);
  const photo = new File([bytesOf('photo')], 'photo.glb', { type: 'model/gltf-binary' });
  Object.assign(document.querySelector('unflat-photo') ?? {}, { photo });
}

// Where something is missing the flat photo stays.
void open().catch((error: unknown) => console.error(error));

export {};
