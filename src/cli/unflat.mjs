#!/usr/bin/env node
// @ts-check
/** `unflat`: in a clone it first installs and builds what is missing; then the built command line takes over. */
import { prepare } from './prepare.mjs';

prepare({ quietStdout: true });
// A name that the type checker does not follow: dist is there only after the build.
const built = new URL('../../dist/cli/unflat.js', import.meta.url).href;
const { main } = /** @type {{ main(args: string[]): Promise<number> }} */ (await import(built));
process.exitCode = await main(process.argv.slice(2));
// By now all is done and written. What is still open, as a browser that does not end, holds nobody up; what a slow reader has not yet taken does.
const leave = () => {
  if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  setTimeout(leave, 100).unref();
};
setTimeout(leave, 1000).unref();
