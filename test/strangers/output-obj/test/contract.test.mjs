import { readFileSync } from 'node:fs';
import { readManifest } from 'unflat/plugin';
import { testOutput } from 'unflat/plugin-test';
import plugin from '../dist/output-obj.js';

// The file begins with its manifest.
const manifest = readManifest(readFileSync(new URL('../dist/output-obj.js', import.meta.url), 'utf8'));

testOutput(plugin, { manifest });
