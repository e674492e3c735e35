// @ts-check
/**
 * Types, a realm at a time: each of these projects knows the globals of one place that code runs in, so that a layer sees neither `document`
 * nor `process`, and the command line no `window`. A project answers for the files that it names; what these import is known to it,
 * and answered for by the project that names it. Files are parsed once for all projects, which is what makes this quick.
 */
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from '../src/cli/prepare.mjs';

export const PROJECTS = [
  'src/tsconfig.pure.json',
  'src/tsconfig.workers.json',
  'src/tsconfig.pages.json',
  'src/tsconfig.node.json',
  'src/app/service-worker/tsconfig.json',
  'tsconfig.json',
];

/** What a project's file says. @param {string} project */
export function readProject(project) {
  const path = join(root, project);
  const read = ts.readConfigFile(path, ts.sys.readFile);
  if (read.error) throw new Error(ts.flattenDiagnosticMessageText(read.error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(/** @type {unknown} */ (read.config), ts.sys, dirname(path), undefined, path);
}

/** Files that were parsed. @type {Map<string, ts.SourceFile | undefined>} */
const parsed = new Map();

/** @param {ts.CompilerOptions} options */
function hostFor(options) {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => {
    if (!parsed.has(name)) parsed.set(name, parse(name, version));
    return parsed.get(name);
  };
  return host;
}

/** What the compiler finds in the files of a project. @param {string} project */
export function checkProject(project) {
  const { fileNames, options, errors } = readProject(project);
  const named = project === 'tsconfig.json' ? fileNames.filter((name) => !relative(root, name).startsWith('src')) : fileNames;
  const program = ts.createProgram(fileNames, options, hostFor(options));
  const found = named.flatMap((name) => {
    const file = program.getSourceFile(name);
    return file ? [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)] : [];
  });
  return [...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...found];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let count = 0;
  for (const project of PROJECTS) {
    const start = Date.now();
    const found = checkProject(project);
    console.log(`${project}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    const format = { getCanonicalFileName: (/** @type {string} */ name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
    if (found.length > 0) console.error(ts.formatDiagnostics(found, format));
    count += found.length;
  }
  if (count > 0) process.exitCode = 1;
}
