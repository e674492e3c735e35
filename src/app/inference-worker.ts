/** The networks' worker: models from this browser's store, or from the folder that the command line hands out. */
import { FolderModels, LocalModels, loadCatalogue, ortRuntimes, serveInference } from '../inference/index.ts';
import { ModelStore, ResultStore } from '../store/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';

serveInference({
  async source({ rows, folder }) {
    if (folder !== undefined) return new FolderModels(folder);
    return new LocalModels({ rows: await loadCatalogue(), extraRows: rows, store: new ModelStore({ results: new ResultStore() }) });
  },
  runtimes: ortRuntimes({ files: new URL(ORT_FOLDER, import.meta.url) }),
});
