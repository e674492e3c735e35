/** The models' worker as the app has it, with the test's rows for a catalogue. */
import { LocalModels, ortRuntimes, parseCatalogue, serveInference } from '../../src/inference/index.ts';
import { ModelStore, ResultStore } from '../../src/store/index.ts';

// Browsers no longer tell how much room there really is, nor let a test set it.
const room = new URL(location.href).searchParams.get('room');
if (room !== null) StorageManager.prototype.estimate = () => Promise.resolve({ quota: Number(room), usage: 0 });

serveInference({
  source: ({ rows }) =>
    new LocalModels({
      rows: parseCatalogue({ version: 1, models: rows }),
      store: new ModelStore({ results: new ResultStore(), download: { retries: 1, retryMs: 100 } }),
    }),
  runtimes: ortRuntimes({ files: new URL('/ort/', location.href) }),
});
