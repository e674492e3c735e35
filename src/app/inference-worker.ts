/** The models' worker: models from this browser's store, or from the folder that the command line hands out. */
import { EmbeddedModels, FolderModels, LocalModels, loadCatalogue, ortRuntimes, serveInference } from '../inference/index.ts';
import { ModelStore, ResultStore } from '../store/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';

serveInference({
  async source({ rows, folder }) {
    if (folder !== undefined) return new FolderModels(folder);
    const catalogue = await loadCatalogue();
    const embedded = new EmbeddedModels({ rows: catalogue, folder: new URL('./models/', import.meta.url) });
    return new LocalModels({ rows: catalogue, extraRows: rows, embedded, store: new ModelStore({ results: new ResultStore() }) });
  },
  runtimes: ({ threads }) => ortRuntimes({ files: new URL(ORT_FOLDER, import.meta.url), ...(threads !== undefined && { threads }) }),
});
