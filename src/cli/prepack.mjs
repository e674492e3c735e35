// @ts-check
/** Before `npm pack`: the package holds what was built. `npm pack --json` writes to stdout, so nothing else does. */
import { prepare } from './prepare.mjs';

prepare({ quietStdout: true });
