/** What a 3D photo's web page in one file runs: it unpacks the element and the photo that lie in the page, and asks nobody for anything. */

const bytesOf = (id: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ''), (letter) => letter.charCodeAt(0));

const unpacked = (id: string): Promise<string> =>
  new Response(new Blob([bytesOf(id)]).stream().pipeThrough(new DecompressionStream('gzip'))).text();

async function open(): Promise<void> {
  const script = document.createElement('script');
  // The page's policy has the hash of just this text.
  script.textContent = await unpacked('element');
  document.head.append(script);
  const draw = URL.createObjectURL(new Blob([await unpacked('draw')], { type: 'text/javascript' }));
  Object.assign(customElements.get('unflat-photo') ?? {}, { createDrawer: () => new Worker(draw) });
  const photo = new File([bytesOf('photo')], 'photo.glb', { type: 'model/gltf-binary' });
  Object.assign(document.querySelector('unflat-photo') ?? {}, { photo });
}

// Where something is missing the flat photo stays.
void open().catch((error: unknown) => console.error(error));

export {};
