#!/usr/bin/env node
// @ts-check
/** `unflat`: in a clone it first installs and builds what is missing; then the built command line takes over. */
import { prepare } from './prepare.mjs';

prepare({ quietStdout: true });
// A name that the type checker does not follow: dist is there only after the build.
const built = new URL('../../dist/cli/unflat.js', import.meta.url).href;
const { main } = /** @type {{ main(args: string[]): Promise<number> }} */ (await import(built));
process.exitCode = await main(process.argv.slice(2));
