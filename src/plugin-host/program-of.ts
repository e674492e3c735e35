import { init, parse } from 'es-module-lexer';
import { UnflatError } from '../core/index.ts';
import { programName } from './crash-places.ts';

/**
 * Turns a plugin's module into a program that runs without loading anything: the sandbox's policy forbids modules of any address. Its default
 * export is handed to `unflatSandbox.use`.
 * @param sandbox the program that stands around it, which declares `unflatSandbox`; one line.
 * @param file what messages call the plugin's file; its id, where the program is run.
 * @throws UnflatError `bad-plugin` where the module imports something or has no default export.
 */
export async function programOf(text: string, sandbox: string, file: string): Promise<string> {
  await init;
  const wrong = (what: string): UnflatError =>
    new UnflatError('bad-plugin', `${file} ${what}. Ask its author for a file that is built into one module.`);
  let parts: ReturnType<typeof parse>;
  try {
    parts = parse(text);
  } catch (cause) {
    throw new UnflatError('bad-plugin', `${file} is not a JavaScript module that can be read. Download it again.`, { cause });
  }
  const [imports, exports] = parts;
  const first = imports[0];
  // The lexer's own `n` is missing where a policy forbids eval.
  if (first)
    throw wrong(
      first.d === -2
        ? 'uses import.meta'
        : `imports ${text
            .slice(first.s, first.e)
            .replace(/^(['"])(.*)\1$/s, '$2')
            .slice(0, 80)}`,
    );
  if (!exports.some(({ n }) => n === 'default')) throw wrong('has no default export');
  const holder = 'unflatDefaultExport';
  let code = text;
  let local: string | undefined;
  // From the end, so that the places before stay what they are.
  let below = Infinity;
  for (const { s, e, n, ln } of [...exports].sort((one, other) => other.s - one.s)) {
    if (n === 'default' && ln !== undefined) local = ln;
    if (s >= below) continue;
    const list = /\bexport\s*\{[^{}]*$/.exec(code.slice(0, s));
    below = list ? list.index : code.lastIndexOf('export', s);
    const end = list ? code.indexOf('}', s) + 1 : n === 'default' ? e : below + 'export'.length;
    // A declaration keeps its name; a bare value gets one.
    const start = !list && n === 'default' && ln === undefined ? `${holder}.value = ` : '';
    code = code.slice(0, below) + start + code.slice(end);
  }
  if (local !== undefined) code += `\n;${holder}.value = ${local};`;
  // What stands before is one line, so that the plugin's lines keep their numbers in the stacks of its errors.
  return `${sandbox.trim()};(async () => { 'use strict'; const ${holder} = {}; ${code}\n;return ${holder}.value; })().then(unflatSandbox.use, unflatSandbox.refuse);\n//# sourceURL=${programName(file)}`;
}
