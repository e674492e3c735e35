/** A plugin's model never takes the place of another's, in the browser's store or in the command line's folder. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ModelsFolder } from '../../../src/cli/models-folder.ts';
import type { ModelRow } from '../../../src/core/index.ts';
import { LocalModels } from '../../../src/inference/local-models.ts';
import { ModelStore } from '../../../src/store/index.ts';
import { modelRow, noise, sha256Of } from '../../fixtures/model-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-taken-models-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const bytes = noise(100);
const rowOf = (plugin: string, id = 'depth-mine-small'): ModelRow => ({
  ...modelRow([{ path: 'm.onnx', sizeBytes: bytes.length, sha256: sha256Of(bytes) }]),
  id,
  plugin,
});

const local = new LocalModels({ rows: [], store: new ModelStore({ name: 'taken' }) });
const cli = new ModelsFolder(folder, []);
const stores: [string, (row: ModelRow) => Promise<void>, RegExp][] = [
  ['the browser', (row) => local.keep(row, [{ path: 'm.onnx', blob: new Blob([bytes]) }]), / on this device\. Remove that one first\.$/],
  ['the folder', (row) => cli.keep(row, () => bytes), / in .*unflat-taken-models-.*\. Remove that one first\.$/],
];

for (const [name, keep, place] of stores)
  test(`${name} keeps a plugin’s model and its update, and refuses another’s of the same id`, async () => {
    await keep(rowOf('depth-mine'));
    await keep(rowOf('depth-mine'));
    await assert.rejects(keep(rowOf('depth-other')), { name: 'UnflatError', code: 'bad-model', message: place });
    await assert.rejects(keep(rowOf('depth-other')), /depth-mine-small is already the id of the model “/);
    await keep(rowOf('depth-other', 'depth-other-small'));
  });
