import { servePly } from '../../src/orbit-viewer/index.ts';

servePly();
