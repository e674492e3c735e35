/** The worker that reads PLY files, one a file. */
import { servePly } from '../orbit-viewer/index.ts';

servePly();
