/** The networks' worker: models from this browser's store, or from the folder that the command line names. */
import { CATALOGUE, ortRuntimes, serveInference, type ModelSource } from '../inference/index.ts';
import { UnflatError, type ModelRow } from '../core/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';

function interim(rows: readonly ModelRow[]): ModelSource {
  const no = () => Promise.reject(new UnflatError('no-model', 'No model is on this machine.'));
  return { list: async () => [...CATALOGUE, ...rows].map((row) => ({ row, state: 'absent', isOwn: false, storedBytes: 0 })), read: no, fetch: no, add: no, describe: no, remove: async () => {}, note: async () => {} };
}

serveInference({
  source: ({ rows }) => interim(rows),
  runtimes: ortRuntimes({ files: new URL(ORT_FOLDER, import.meta.url) }),
});
