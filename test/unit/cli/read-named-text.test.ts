import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readNamedText } from '../../../src/cli/read-named-text.ts';

test('files are read; what is missing, a folder or never ends is refused with its name and option', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-named-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'move.json');
  writeFileSync(file, '{}');
  assert.equal(readNamedText(file, '--path'), '{}');
  assert.throws(() => readNamedText(`${file}x`, '--path'), /move\.jsonx: does not exist; check the path given to --path\./);
  assert.throws(() => readNamedText(folder, '--cameras'), /is a folder; check the path given to --cameras\./);
  if (process.platform !== 'win32') assert.throws(() => readNamedText('/dev/zero', '--path'), /\/dev\/zero: is no file/);
});
