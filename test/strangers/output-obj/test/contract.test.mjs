import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readManifest } from 'unflat/plugin';
import { testOutput } from 'unflat/plugin-test';
import plugin from '../dist/output-obj.js';

test('the file begins with its manifest', () => {
  readManifest(readFileSync(new URL('../dist/output-obj.js', import.meta.url), 'utf8'));
});

testOutput(plugin, { id: 'output-obj' });
