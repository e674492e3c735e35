/** The networks' worker: models from this browser's store. */
import { LocalModels, loadCatalogue, ortRuntimes, serveInference } from '../inference/index.ts';
import { ModelStore } from '../store/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';

serveInference({
  source: async ({ rows }) => new LocalModels({ rows: await loadCatalogue(), extraRows: rows, store: new ModelStore() }),
  runtimes: ortRuntimes({ files: new URL(ORT_FOLDER, import.meta.url) }),
});
