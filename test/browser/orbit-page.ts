/** The view of 3D files that are no 3D photos, as a page that tests drive. */
import { findOther3dFile, loadOrbitView, prepare3d, type Facts, type OrbitView, type UpAxis } from '../../src/orbit-viewer/index.ts';

export interface SentFile {
  name: string;
  base64: string;
}

let view: OrbitView | undefined;

const tests = {
  /** Opens files as if they were dropped together. @returns what was opened, or the error's words. */
  async open(sent: readonly SentFile[]): Promise<{ facts: Facts; up: UpAxis } | { error: string; code?: string }> {
    view?.dispose();
    document.querySelector('canvas')?.remove();
    const canvas = Object.assign(document.createElement('canvas'), { tabIndex: 0 });
    document.body.append(canvas);
    const files = sent.map(({ name, base64 }) => new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
    try {
      const found = await findOther3dFile(files);
      if (!found) return { error: 'no 3D file' };
      const createPlyWorker = (): Worker => new Worker('/worker.js', { type: 'module' });
      const prepared = await prepare3d(found, { createPlyWorker, signal: new AbortController().signal });
      const View = await loadOrbitView();
      view = await new Promise<OrbitView>((resolve, reject) => {
        const opening: Promise<OrbitView> = View.open(canvas, prepared, found.file.name, {
          onFirstFrame: () => void opening.then(resolve),
        });
        opening.catch(reject);
      });
      const { facts, up } = view;
      return { facts, up };
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      return { error: message, ...(code !== undefined && { code }) };
    }
  },
  view: () => view!,
};

declare global {
  var orbitTests: typeof tests;
}
globalThis.orbitTests = tests;
