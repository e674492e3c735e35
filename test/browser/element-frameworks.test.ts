/** The element in other people's frameworks: the examples of its README, rendered on a server, taken over in a browser, and made there. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { build, type BuildOptions, type Loader, type Plugin } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';
import { root } from '../../src/cli/prepare.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { snippets } from '../helpers/snippets.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

type Side = 'client' | 'server';

interface Framework {
  name: string;
  language: string;
  /** What a file of the framework is as a script. */
  compiled(source: string, side: Side): string;
  loader: Loader;
  /** Fills module.exports.html. */
  server: string;
  /** Takes over #taken, whose content comes from the server, and fills #made. */
  client: string;
  options?: BuildOptions;
}

const FRAMEWORKS: Framework[] = [
  {
    name: 'React 19',
    language: 'jsx',
    loader: 'jsx',
    compiled: (source) => source,
    server: `import { createElement } from 'react'; import { renderToString } from 'react-dom/server'; import { Photo } from 'unflat:photo';
      module.exports.html = renderToString(createElement(Photo));`,
    client: `import { createElement } from 'react'; import { createRoot, hydrateRoot } from 'react-dom/client'; import { Photo } from 'unflat:photo';
      hydrateRoot(document.querySelector('#taken'), createElement(Photo));
      createRoot(document.querySelector('#made')).render(createElement(Photo));`,
    options: { jsx: 'automatic' },
  },
  {
    name: 'Vue 3',
    language: 'vue',
    loader: 'js',
    compiled: (source) => {
      const compilerOptions = { isCustomElement: (tag: string) => tag === 'unflat-photo' };
      const { descriptor } = parse(source);
      return compileScript(descriptor, { id: 'photo', inlineTemplate: true, templateOptions: { compilerOptions } }).content;
    },
    server: `import { createSSRApp } from 'vue'; import { renderToString } from 'vue/server-renderer'; import Photo from 'unflat:photo';
      module.exports.html = renderToString(createSSRApp(Photo));`,
    client: `import { createApp, createSSRApp } from 'vue'; import Photo from 'unflat:photo';
      createSSRApp(Photo).mount('#taken');
      createApp(Photo).mount('#made');`,
    options: { define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true' } },
  },
  {
    name: 'Svelte 5',
    language: 'svelte',
    loader: 'js',
    compiled: (source, side) => compile(source, { generate: side, filename: 'Photo.svelte', dev: side === 'client' }).js.code,
    server: `import { render } from 'svelte/server'; import Photo from 'unflat:photo';
      module.exports.html = render(Photo).body;`,
    client: `import { hydrate, mount } from 'svelte'; import Photo from 'unflat:photo';
      hydrate(Photo, { target: document.querySelector('#taken') });
      mount(Photo, { target: document.querySelector('#made') });`,
    options: { conditions: ['svelte'] },
  },
];

const glb = Buffer.from(await (await writeScene(syntheticScene(SMALL))).arrayBuffer());
const browser = await testBrowser();
const folder = mkdtempSync(join(tmpdir(), 'unflat-frameworks-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function bundled({ server, client, options = {}, loader, compiled }: Framework, source: string, side: Side): Promise<string> {
  const example: Plugin = {
    name: 'example',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^unflat:photo$/ }, ({ path }) => ({ path, namespace: 'example' }));
      onLoad({ filter: /./, namespace: 'example' }, () => ({ contents: compiled(source, side), loader, resolveDir: root }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: side === 'server' ? server : client, resolveDir: root },
    bundle: true,
    write: false,
    logLevel: 'silent',
    format: side === 'server' ? 'cjs' : 'esm',
    platform: side === 'server' ? 'node' : 'browser',
    conditions: [...(options.conditions ?? []), ...(side === 'client' ? ['browser'] : [])],
    alias: { 'unflat/view': join(root, 'dist/view/unflat-view.js') },
    define: { ...options.define, 'process.env.NODE_ENV': '"development"' },
    plugins: [example],
  });
  return outputFiles[0]!.text;
}

for (const framework of FRAMEWORKS) {
  const { name, language } = framework;
  test(`${name}: the README’s example comes from a server with its poster, is taken over, and made in the browser; events and properties arrive`, async () => {
    const source = snippets('src/element/README.md', 'Frameworks', language)[0]!;
    const path = join(folder, `${language}.cjs`);
    writeFileSync(path, await bundled(framework, source, 'server'));
    const { html } = createRequire(import.meta.url)(path) as { html: string | Promise<string> };
    const rendered = await html;
    assert.match(rendered, /<unflat-photo [^>]*src="photo\.glb"/);
    assert.match(rendered, /<img slot="poster" src="photo\.jpg" alt="A vase" width="640" height="480"/);
    const script = await bundled(framework, source, 'client');

    const server = await listen((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const send = (type: string, body: string | Buffer): void => void response.writeHead(200, { 'content-type': type }).end(body);
      if (pathname === '/app.js') send('text/javascript', script);
      else if (pathname === '/unflat-draw.js') send('text/javascript', readFileSync(join(root, 'dist/view', basename(pathname))));
      else if (pathname === '/photo.glb') send('model/gltf-binary', glb);
      else if (pathname === '/')
        send(
          'text/html; charset=utf-8',
          `<!doctype html><link rel="icon" href="data:,"><style>figure { width: 200px }</style><body><div id="taken">${rendered}</div><div id="made"></div><script type="module" src="app.js"></script>`,
        );
      else response.writeHead(pathname === '/photo.jpg' ? 204 : 404).end();
    });
    after(() => server.close());
    const page = await browser.newPage();
    after(() => page.close());
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(error.message));
    page.on(
      'console',
      (line) => ['error', 'warning'].includes(line.type()) && !/ReadPixels|Failed to load/.test(line.text()) && said.push(line.text()),
    );
    // A mark shows that what came from the server is kept.
    await page.addInitScript(() =>
      addEventListener('DOMContentLoaded', () => Object.assign(document.querySelector('unflat-photo')!, { isKept: true }), {
        capture: true,
      }),
    );
    await page.goto(server.url);
    for (const id of ['taken', 'made']) await page.locator(`#${id} figcaption`, { hasText: 'in 3D' }).waitFor();
    assert.deepEqual(said, []);
    const state = await page.evaluate(() =>
      [...document.querySelectorAll('unflat-photo')].map((element) => [element.strength, element.querySelectorAll('img').length]),
    );
    assert.deepEqual(state, [
      [0.5, 1],
      [0.5, 1],
    ]);
    await page.evaluate(() =>
      document.querySelectorAll('unflat-photo').forEach((element) => {
        element.addEventListener('error', (event) => event.preventDefault());
        element.src = 'gone.glb';
      }),
    );
    for (const id of ['taken', 'made']) await page.locator(`#${id} figcaption`, { hasText: 'the server answered 404' }).waitFor();
  });
}
