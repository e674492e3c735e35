import { readFileSync } from 'node:fs';
import { readManifest } from 'unflat/plugin';
import { testInpainter } from 'unflat/plugin-test';
import plugin from '../dist/inpaint-mirror.js';

// The file begins with its manifest.
const manifest = readManifest(readFileSync(new URL('../dist/inpaint-mirror.js', import.meta.url), 'utf8'));

testInpainter(plugin, { manifest });
