// @ts-check
/** Runs the contract's tests on a plugin's file, and hands the report to the process that started this. Arguments: the file. Plain Node, no packages. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [file = ''] = process.argv.slice(2);
// Names that the type checker does not follow: dist is there only after the build.
const [contract, suite] = ['../../dist/plugin/index.js', '../../dist/plugin-test/index.js'].map(
  (name) => new URL(name, import.meta.url).href,
);
/** @typedef {{ readManifest(text: string): object }} Contract */
/** @typedef {{ checkContract(plugin: unknown, options: { manifest: object }): Promise<object> }} Suite */
const { readManifest } = /** @type {Contract} */ (await import(String(contract)));
const { checkContract } = /** @type {Suite} */ (await import(String(suite)));
const manifest = readManifest(readFileSync(file, 'utf8'));
const plugin = /** @type {{ default: unknown }} */ (await import(pathToFileURL(file).href));
process.send?.(await checkContract(plugin.default, { manifest }), () => process.exit());
