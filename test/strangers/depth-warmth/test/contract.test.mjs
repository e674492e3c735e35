import { readFileSync } from 'node:fs';
import { readManifest } from 'unflat/plugin';
import { testDepthSource } from 'unflat/plugin-test';
import plugin from '../dist/depth-warmth.js';

// The file begins with its manifest.
const manifest = readManifest(readFileSync(new URL('../dist/depth-warmth.js', import.meta.url), 'utf8'));

testDepthSource(plugin, { manifest });
