import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readManifest } from 'unflat/plugin';
import { testDepthSource } from 'unflat/plugin-test';
import plugin from '../dist/depth-warmth.js';

test('the file begins with its manifest', () => {
  readManifest(readFileSync(new URL('../dist/depth-warmth.js', import.meta.url), 'utf8'));
});

testDepthSource(plugin, { id: 'depth-warmth' });
