import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readManifest } from 'unflat/plugin';
import { testInpainter } from 'unflat/plugin-test';
import plugin from '../dist/inpaint-mirror.js';

test('the file begins with its manifest', () => {
  readManifest(readFileSync(new URL('../dist/inpaint-mirror.js', import.meta.url), 'utf8'));
});

testInpainter(plugin, { id: 'inpaint-mirror' });
