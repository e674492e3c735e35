/** The program of the folder `unflat-depth`: runs the built-in model for elements whose photo holds no depth. */
import { EmbeddedModels, loadCatalogue, ortWasm, serveInference } from '../inference/index.ts';

const folder = new URL('./', import.meta.url);

serveInference({
  source: async () =>
    new EmbeddedModels({ rows: await loadCatalogue(), folder, advice: 'Copy the folder unflat-depth again, with all its files.' }),
  // Other people's pages are rarely isolated, and the model is small: one thread does.
  runtimes: { wasm: ortWasm({ files: folder, threads: 1 }), webgpu: () => Promise.resolve(undefined) },
});
