/** The package as a stranger meets it: packed by npm, installed in an empty folder. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { decode } from 'fast-png';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import type { serveApp as ServeApp } from '../../src/cli/serve-app.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { installPacked, link } from '../helpers/packed.ts';

const { folder, tarball, installed } = installPacked();
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  exports: Record<string, string | null | { types: string; default: string }>;
};
const files = filesBelow(installed);
/** What can be imported by name. */
const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  target !== null && typeof target === 'object' ? [{ name: path.replace(/^\./, 'unflat'), ...target }] : [],
);

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

test('it holds all that it exports, with types', () => {
  assert.ok(entries.length >= 4);
  const named = entries.flatMap((entry) => [entry.types, entry.default]);
  assert.deepEqual(
    named.filter((path) => !files.includes(path.replace('./', ''))),
    [],
  );
  for (const path of [
    'dist/app/index.html',
    'dist/cli/unflat.js',
    'dist/element/unflat-depth/unflat-depth-basic.onnx',
    'dist/element/custom-elements.json',
    'LICENSE',
  ])
    assert.ok(files.includes(path), path);
});

test('an install takes at most 80 MB', () => {
  const bytes = [installed, ...Object.keys(manifest.dependencies).map((name) => join(root, 'node_modules', name))].flatMap((path) =>
    filesBelow(path).map((name) => statSync(join(path, name)).size),
  );
  const megabytes = bytes.reduce((sum, size) => sum + size, 0) / 1e6;
  assert.ok(megabytes <= 80, `${megabytes.toFixed(1)} MB`);
});

test('the app is complete, though the package holds what the element has too only once', async () => {
  const said = execFileSync(process.execPath, [join(installed, 'src/cli/unflat.mjs'), 'app', 'site'], { cwd: folder, encoding: 'utf8' });
  assert.match(said, /^The app is in /);
  const built = join(root, 'dist/app');
  const site = join(folder, 'site');
  assert.deepEqual(filesBelow(site).sort(), filesBelow(built).sort());
  const { serveApp } = (await import(pathToFileURL(join(installed, 'src/cli/serve-app.mjs')).href)) as { serveApp: typeof ServeApp };
  const server = await listen((request, response) => void serveApp(request, response));
  after(() => server.close());
  for (const path of filesBelow(built)) {
    const bytes = readFileSync(join(built, path));
    assert.ok(bytes.equals(readFileSync(join(site, path))), path);
    const answer = await fetch(server.url + path);
    assert.ok(bytes.equals(Buffer.from(await answer.arrayBuffer())), path);
  }
  assert.equal((await fetch(`${server.url}models/nothing.onnx`)).status, 404);
});

test('links and pictures of its pages lead to files of the package', () => {
  const pages = files.filter((name) => name.endsWith('.md'));
  assert.ok(pages.includes('README.md') && pages.includes('plugins/README.md'));
  const links = pages.flatMap((page) => {
    const text = readFileSync(join(installed, page), 'utf8').replace(/```[^]*?```|`[^`\n]*`/g, '');
    return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map((match) => ({ page, to: match[1] ?? match[2] ?? '' }));
  });
  assert.ok(links.length > 10);
  const broken = links.filter(({ page, to }) => {
    if (to.startsWith('https:')) return false;
    const [path = '', heading] = to.split('#');
    const file = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
    if (!files.some((each) => each === file || each.startsWith(`${file.replace(/\/$/, '')}/`))) return true;
    return heading !== undefined && !headingsOf(file).includes(heading);
  });
  assert.deepEqual(broken, []);
});

/** Anchors of a page's headings, as hosts of repositories make them. */
function headingsOf(page: string): string[] {
  return [...readFileSync(join(installed, page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('publint finds nothing', async () => {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
    strict: true,
  });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test('“Are the types wrong?” finds nothing but that it is for modules', () => {
  const program = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const { problems } = JSON.parse(
    // unflat-draw.js is a worker's script: its address is used, nothing is imported from it.
    execFileSync(
      process.execPath,
      [program, tarball, '--format', 'json', '--ignore-rules', 'cjs-resolves-to-esm', '--exclude-entrypoints', './unflat-draw.js'],
      { encoding: 'utf8' },
    ),
  ) as { problems: Record<string, unknown> };
  assert.deepEqual(Object.keys(problems), ['CJSResolvesToESM']);
});

test('no entry throws when it is imported in Node', () => {
  const code = `for (const name of ${JSON.stringify(entries.map(({ name }) => name))}) console.log(name, Object.keys(await import(name)).join());`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, encoding: 'utf8' });
  assert.match(said, /^unflat UnflatPhoto$/m);
  assert.match(said, /^unflat\/convert .*\bconvert\b/m);
  assert.match(said, /^unflat\/plugin .*\bdefineOutput\b/m);
  assert.match(said, /^unflat\/babylon registerUnflat$/m);
});

/** A stranger's page; what is expected to fail shows that the types are not \`any\`. */
const PAGE = `
import { UnflatPhoto, type LoadDetail, type Scene } from 'unflat';
import 'unflat/element';
UnflatPhoto.model = '/unflat-depth/';
const photo = document.createElement('unflat-photo');
photo.fit = 'cover';
// @ts-expect-error no such fit
photo.fit = 'stretch';
photo.addEventListener('load', (event) => {
  const { scene, report }: LoadDetail = event.detail;
  const layers: number = scene.layers.length + (report?.triangles ?? 0);
  // @ts-expect-error a scene is not called so
  return [layers, event.detail.scenes];
});
photo.addEventListener('progress', ({ detail: { stage, fraction } }) => [stage.toUpperCase(), fraction.toFixed(2)]);
photo.addEventListener('error', ({ message, error }) => [message, error]);
photo.addEventListener('aspect-change', ({ detail }) => detail.toFixed(1));
photo.addEventListener('click', ({ clientX }) => clientX);
const later: Promise<boolean> = photo.updateComplete;
export const shown = (scene: Scene): void => { photo.scene = scene; };
export const found: UnflatPhoto | null = document.querySelector('unflat-photo');
export { later };
`;

const SCRIPT = `
import { registerUnflat } from 'unflat/babylon';
import { convert, save, type ConvertOptions } from 'unflat/convert';
registerUnflat();
// @ts-expect-error it takes nothing
registerUnflat(1);
const options: ConvertOptions = { depth: new Blob(), plugins: ['mine.js'], onProgress: ({ fraction }) => fraction.toFixed(1) };
export async function files(photo: File, signal: AbortSignal): Promise<File[]> {
  const { scene, report } = await convert(photo, { ...options, signal, settings: { longerSidePx: 1280 } });
  console.log(report.warnings.length + scene.meshes.length);
  // @ts-expect-error a photo is no number
  void convert(3);
  document.createElement('unflat-photo').scene = scene;
  return [await save(scene, 'ply', { settings: { relief: 'full' } })];
}
`;

const PLUGIN = `
import { defineInpainter, throwIfAborted, type Inpainter } from 'unflat/plugin';
const plugin: Inpainter = defineInpainter({
  id: 'inpaint-grey', label: 'Plain grey', supports: () => true,
  options: [{ id: 'level', label: 'Brightness', type: 'number', default: 128, min: 0, max: 255 }],
  async inpaint({ rgba, options }, { signal, progress }) {
    throwIfAborted(signal);
    progress(1);
    return rgba.slice().fill(Number(options['level']));
  },
});
// @ts-expect-error an inpainter has to paint
defineInpainter({ id: 'inpaint-none', label: 'None', supports: () => true, options: [] });
export default plugin;
`;

const JSX = `
import 'unflat';
export const photo = <unflat-photo src="photo.jpg" depth="photo_depth.png" fit="cover" strength={0.5} onload={(event) => event.detail.scene.layers} />;
// @ts-expect-error no such fit
export const wrong = <unflat-photo fit="stretch" />;
`;

/** What the compiler says of files in the stranger's project, with nothing left unchecked. */
function compiled(sources: Record<string, string>, options: ts.CompilerOptions): string[] {
  const paths = Object.entries(sources).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const all: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    ...options,
  };
  const host = ts.createCompilerHost(all);
  host.getSourceFile = (path, target) => parsed(path, target);
  return ts
    .getPreEmitDiagnostics(ts.createProgram(paths, all, host))
    .map(
      ({ file, messageText, start }) =>
        `${file ? `${relative(folder, file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}` : ''} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

const sourceFiles = new Map<string, ts.SourceFile>();
/** The platform's types are large: they are read once. */
function parsed(path: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  if (!path.includes('typescript/lib')) return existsSync(path) ? ts.createSourceFile(path, readFileSync(path, 'utf8'), target) : undefined;
  const file = sourceFiles.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), target);
  sourceFiles.set(path, file);
  return file;
}

const { Bundler, Node10, NodeNext } = ts.ModuleResolutionKind;
for (const [name, options] of Object.entries({
  bundler: { moduleResolution: Bundler, module: ts.ModuleKind.ESNext },
  node: { moduleResolution: Node10, module: ts.ModuleKind.ESNext },
  nodenext: { moduleResolution: NodeNext, module: ts.ModuleKind.NodeNext },
})) {
  test(`a strict project has no type errors, its libraries checked too (moduleResolution ${name})`, () => {
    assert.deepEqual(compiled({ 'page.mts': PAGE, 'script.mts': SCRIPT, 'plugin.mts': PLUGIN }, options), []);
  });
}

test('the tag is known in the JSX of React and of Preact', () => {
  link(folder, ['@types/react', 'csstype', 'preact']);
  const options = { moduleResolution: Bundler, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.ReactJSX };
  assert.deepEqual(compiled({ 'react.tsx': JSX }, { ...options, jsxImportSource: 'react' }), []);
  assert.deepEqual(compiled({ 'preact.tsx': JSX }, { ...options, jsxImportSource: 'preact' }), []);
});

test('the program converts a photo', async () => {
  copyFileSync(join(root, 'test/fixtures/samples/room/photo.jpg'), join(folder, 'photo.jpg'));
  const chromium = await findChromium();
  const said = execFileSync(
    process.execPath,
    [join(installed, 'src/cli/unflat.mjs'), 'photo.jpg', '--outputs', 'depth', '--out', 'out', '--quiet'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, UNFLAT_PREPARED: '', ...(chromium && { CHROME_PATH: chromium }) } },
  );
  assert.match(said, /photo_depth\.png/);
  assert.deepEqual(readdirSync(join(folder, 'out')), ['photo_depth.png']);
  const { width, height, depth } = decode(readFileSync(join(folder, 'out/photo_depth.png')));
  assert.deepEqual({ width, height, depth }, { width: 640, height: 480, depth: 16 });
});
