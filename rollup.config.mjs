import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import alias from '@rollup/plugin-alias';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import { transformSync } from 'esbuild';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { injectManifest } from 'workbox-build';
import { WORKER_POLICIES } from './src/cli/content-policy.mjs';
import { customElementsManifest } from './src/element/custom-elements-manifest.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Text where a program is wanted: shaders, and the worker that the element carries inside itself.
const loaders = { '.glsl': 'text', '.vert': 'text', '.frag': 'text', '.wgsl': 'text', '.txt': 'text', '.json': 'json' };

/** What runs models comes as it is; the app loads it on first use, from a folder of that version. */
const ort = here('node_modules/onnxruntime-web');
const ortVersion = JSON.parse(readFileSync(`${ort}/package.json`, 'utf8')).version;
const ortFiles = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) => [`${name}.mjs`, `${name}.wasm`]);

/** Models that are built in: the catalogue's rows say which, and the build fails where a file is missing. */
const catalogue = JSON.parse(readFileSync(here('models/catalogue.json'), 'utf8'));
const embeddedFiles = catalogue.models.filter(({ embedded }) => embedded).flatMap(({ files }) => files.map(({ path }) => path));
const copyEmbedded = (folder) => embeddedFiles.forEach((path) => cpSync(here(`models/${path}`), `${folder}/${path}`));

/** A hash of the names and the content of files, and of all files in folders. */
function hashOf(paths, isMeant = () => true) {
  const below = (path) =>
    statSync(here(path)).isDirectory() ? readdirSync(here(path)).flatMap((name) => below(`${path}/${name}`)) : [path];
  const hash = createHash('sha256');
  for (const path of paths.flatMap(below).filter(isMeant).sort()) hash.update(path).update(readFileSync(here(path)));
  return hash.digest('hex').slice(0, 16);
}

/** All that decides what a photo becomes: results kept by another build are not taken for this one's. */
const deciding = readdirSync(here('plugins')).filter((name) => /^(depth|inpaint)-/.test(name));
const resultVersion = hashOf(
  [
    'src/core',
    'src/grid',
    'src/plugin-api',
    'src/layers',
    'src/inference',
    'src/pipeline',
    ...deciding.map((id) => `plugins/${id}`),
    'plugins/shared/palette-names.ts',
  ],
  (name) => name.endsWith('.ts'),
);
/** All that the app is made of: what a page loads late is of its own build. */
const build = hashOf(['src', 'plugins', 'public', 'models/catalogue.json', 'package-lock.json']);

/** The decoder for HEIC photos comes as it is, with its licence, in a folder that anyone can put another build of it into. */
const copyHeic = (folder) => {
  const libheif = here('node_modules/libheif-js');
  cpSync(`${libheif}/libheif-wasm/libheif-bundle.mjs`, `${folder}/libheif-bundle.mjs`);
  cpSync(`${libheif}/libheif-wasm/LICENSE`, `${folder}/LICENSE.txt`);
  cpSync(here('src/decode/heic/README.txt'), `${folder}/README.txt`);
};

const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8'));

/** The folder of the package that a module is from, below `node_modules/`; undefined for our own. */
const packageOf = (id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id.replaceAll('\\', '/'))?.[1];

/** The licences of the app and of all packages that are part of it, as one text. @param bundled packages whose code is in the app's scripts. */
function licences(bundled) {
  const texts = new Map();
  const add = (name) => {
    if (texts.has(name)) return;
    const folder = here(`node_modules/${name}`);
    const { version, license, repository, homepage, dependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `See ${homepage ?? repository?.url ?? repository}`;
    texts.set(name, `${name} ${version}, ${license}\n\n${text}`);
    // Types are gone by the time it is built.
    Object.keys(dependencies)
      .filter((each) => !/^@types\/|^undici-types$/.test(each) && existsSync(here(`node_modules/${each}/package.json`)))
      .forEach(add);
  };
  // Besides, what only passes on others' code, what comes as it is, and what the service worker is made of.
  [...bundled, 'lit', 'libheif-js', 'onnxruntime-web', 'workbox-precaching', 'workbox-routing'].forEach(add);
  return [
    `Unflat ${version}, MIT\n\n${readFileSync(here('LICENSE'), 'utf8').trim()}`,
    ...[...texts].sort(([a], [b]) => a.localeCompare(b)).map(([, text]) => text),
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** Shaders without comments and indentation; lines stay, as directives end with theirs. */
const bareShaders = {
  name: 'bare-shaders',
  transform: (code, id) =>
    /\.(vert|frag|glsl)$/.test(id)
      ? {
          code: code
            .replace(/\/\*[^]*?\*\//g, '')
            .replace(/\s*\/\/.*$/gm, '')
            .replace(/\n\s+/g, '\n')
            .trimStart(),
          map: null,
        }
      : undefined,
};

function plugins({ browser = true, minify = browser, aliases = [] } = {}) {
  return [
    alias({ entries: [{ find: 'unflat/plugin', replacement: here('src/plugin-api/index.ts') }, ...aliases] }),
    replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': '"production"' } }),
    // onnxruntime-web's own files stay out of the bundle: its threads would else load ours again.
    nodeResolve({ browser, extensions: ['.mjs', '.js', '.ts'], exportConditions: ['onnxruntime-web-use-extern-wasm'] }),
    // What writes Photoshop files is the one package without ES modules.
    commonjs({ include: /node_modules\/(?:ag-psd|base64-js|pako)\// }),
    bareShaders,
    esbuild({
      target: 'es2022',
      minify,
      loaders,
      legalComments: 'none',
      define: {
        UNFLAT_RESULT_VERSION: JSON.stringify(resultVersion),
        UNFLAT_ORT_VERSION: JSON.stringify(ortVersion),
        UNFLAT_BUILD: JSON.stringify(build),
        UNFLAT_VERSION: JSON.stringify(version),
        UNFLAT_WORKER_POLICIES: JSON.stringify(WORKER_POLICIES),
      },
    }),
  ];
}

const then = (name, closeBundle) => ({ name, closeBundle });
const inlined = { inlineDynamicImports: true };
// mediabunny asks for a Node module that it never uses in a browser; what is not used is not loaded.
// What the viewer's index only passes on is not loaded either: Babylon for who has no graphics card.
const isNeeded = (id, external) => !external && !id.replaceAll('\\', '/').endsWith('/src/viewer/index.ts');
const noNode = { external: [/^node:/], treeshake: { moduleSideEffects: isNeeded } };

/**
 * Parts of Babylon that its loaders would load for themselves and that no file here needs: shaders of WebGPU, a second material model,
 * and readers of texture files, of which some fetch their decoders from elsewhere.
 */
const NOT_OURS =
  /@babylonjs\/(core\/(ShadersWGSL\/|Materials\/PBR\/openpbr|Materials\/Textures\/Loaders\/.*Loader\.js)|loaders\/glTF\/2\.0\/openpbr)/;
const withoutUnused = {
  name: 'without-unused',
  load: (id) => (NOT_OURS.test(id.replaceAll('\\', '/')) ? { code: 'export {};', moduleSideEffects: 'no-treeshake' } : undefined),
};

/** What the output `html` puts into its pages: the element as one script, what draws, and what unpacks both. Comes before the app, which has it inside. */
const page = {
  input: 'src/element/page.ts',
  output: { file: 'dist/page/element.txt', format: 'iife', ...inlined },
  ...noNode,
  plugins: [
    ...plugins(),
    then('page-scripts', () => {
      const element = readFileSync('dist/page/element.txt', 'utf8');
      const source = readFileSync(here('src/element/open-page.ts'), 'utf8');
      const open = transformSync(source, { loader: 'ts', format: 'iife', target: 'es2022', minify: true }).code.trim();
      const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
      const packed = (text) => gzipSync(text, { level: 9 }).toString('base64');
      const draw = readFileSync('dist/element/unflat-draw.js', 'utf8');
      const values = { open, openHash: hash(open), element: packed(element), elementHash: hash(element), draw: packed(draw) };
      const lines = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
      writeFileSync('dist/page/page-scripts.js', lines.join(''));
      rmSync('dist/page/element.txt');
    }),
  ],
};

/**
 * The orbit view with all of Babylon that nothing else needs as one chunk. Babylon imports its shaders one by one, when they are used: some
 * sixty files, each of which the service worker would keep by itself.
 */
function orbitViewAsOne() {
  const start = here('src/orbit-viewer/orbit-view.ts');
  let own;
  const reached = (from, getModuleInfo, without) => {
    const found = new Set(from);
    for (const id of found) {
      const { importedIds, dynamicallyImportedIds } = getModuleInfo(id) ?? { importedIds: [], dynamicallyImportedIds: [] };
      for (const next of [...importedIds, ...dynamicallyImportedIds]) if (next !== without) found.add(next);
    }
    return found;
  };
  return (id, { getModuleInfo, getModuleIds }) => {
    if (!own) {
      const entries = [...getModuleIds()].filter((each) => getModuleInfo(each).isEntry);
      const others = reached(entries, getModuleInfo, start);
      own = new Set([...reached([start], getModuleInfo)].filter((each) => !others.has(each)));
    }
    return own.has(id) ? 'orbit-view' : undefined;
  };
}

const inTheApp = new Set();

/** What stands around a plugin in its sandbox, as text. */
const sandbox = {
  input: 'src/plugin-host/sandbox/plugin-program.ts',
  output: { file: 'dist/sandbox.txt', format: 'iife', name: 'unflatSandbox', ...inlined },
  plugins: plugins(),
};

/** The app and its workers share their chunks; all lie in one folder, so that relative addresses hold. */
const app = {
  input: {
    app: 'src/app/main.ts',
    'pipeline-worker': 'src/app/pipeline-worker.ts',
    'inference-worker': 'src/app/inference-worker.ts',
    'raster-worker': 'src/app/raster-worker.ts',
    'graphics-worker': 'src/viewer/graphics-worker.ts',
    'ply-worker': 'src/app/ply-worker.ts',
    'download-worker': 'src/app/download-worker.ts',
  },
  // Chunks import what they share from each other, never from an entry: WebKit runs a worker's own script a second time when it is imported.
  preserveEntrySignatures: 'strict',
  output: {
    dir: 'dist/app',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    manualChunks: orbitViewAsOne(),
    onlyExplicitManualChunks: true,
  },
  ...noNode,
  plugins: [
    withoutUnused,
    ...plugins({ aliases: [{ find: 'unflat:sandbox', replacement: here('dist/sandbox.txt') }] }),
    then('sandbox-is-inside', () => rmSync('dist/sandbox.txt')),
    {
      name: 'packages',
      generateBundle: (_, bundle) =>
        Object.values(bundle).forEach(({ moduleIds = [] }) =>
          moduleIds
            .map(packageOf)
            .filter(Boolean)
            .forEach((name) => inTheApp.add(name)),
        ),
    },
    // The README's moving picture is for those who read, not for the app.
    then('onnxruntime', () => ortFiles.forEach((name) => cpSync(`${ort}/dist/${name}`, `dist/app/ort/${ortVersion}/${name}`))),
    then('built-in-models', () => copyEmbedded('dist/app/models')),
    then('heic', () => copyHeic('dist/app/heic')),
    then('licences', () => writeFileSync('dist/app/LICENSE.txt', licences(inTheApp))),
    then('public', () => cpSync('public', 'dist/app', { recursive: true, filter: (path) => !/readme$|samples.README\.md$/.test(path) })),
  ],
};

/** Servers that render pages import elements, too: what they lack, as far as it is asked for before there is an element. */
const onServers =
  'const HTMLElement = globalThis.HTMLElement ?? class {}, document = globalThis.document ?? { createTreeWalker: () => ({}) };';

/** What draws without a graphics card, beside both elements. Comes first, as pages in one file have it inside. */
const drawWorker = {
  input: 'src/element/draw-worker.ts',
  output: { file: 'dist/element/unflat-draw.js', format: 'iife', ...inlined },
  plugins: [
    { name: 'clean', buildStart: () => rmSync('dist', { recursive: true, force: true }) },
    ...plugins(),
    then('beside-the-view', () => cpSync('dist/element/unflat-draw.js', 'dist/view/unflat-draw.js')),
  ],
};

/** One file holds the whole element; its worker comes along as text and starts from a Blob. */
const elementWorker = {
  input: 'src/element/worker.ts',
  output: { file: 'dist/element/worker.txt', format: 'iife', ...inlined },
  plugins: plugins(),
};
const element = {
  input: 'src/element/standalone.ts',
  output: {
    file: 'dist/element/unflat-photo.js',
    ...inlined,
    intro: onServers,
  },
  plugins: [
    ...plugins({ aliases: [{ find: 'unflat:worker', replacement: here('dist/element/worker.txt') }] }),
    // Also as a file, for pages that forbid workers from Blobs.
    then('worker-is-inside', () => renameSync('dist/element/worker.txt', 'dist/element/unflat-worker.js')),
    then('heic', () => copyHeic('dist/element/unflat-heic')),
    then('manifest', () => writeFileSync('dist/element/custom-elements.json', JSON.stringify(manifest(), null, 1))),
  ],
};

/** Members of the element that say how a photo is converted. */
const CONVERTING = ['createWorker', 'model', 'network', 'heic', 'depth', 'map', 'settings', 'plugins'];

/** The element without what converts photos, for pages that show saved 3D photos alone. */
const view = {
  input: 'src/element/view.ts',
  output: { file: 'dist/view/unflat-view.js', ...inlined, intro: onServers },
  ...noNode,
  plugins: plugins(),
};

/** Both files that define the element; `unflat/view` converts nothing, so what says how does nothing there. */
const manifest = () => {
  const of = (module, without) =>
    customElementsManifest(here('src/element/unflat-photo.ts'), {
      tag: 'unflat-photo',
      className: 'UnflatPhoto',
      eventMap: 'UnflatPhotoEventMap',
      module,
      without,
    });
  const element = of('dist/element/unflat-photo.js', []);
  return { ...element, modules: [...element.modules, ...of('dist/view/unflat-view.js', CONVERTING).modules] };
};

/** For scripts of other people's pages: what draws and what writes is loaded when it is needed, and so is the worker's text. */
const convertWorker = {
  input: 'src/convert/worker.ts',
  output: { file: 'dist/convert/worker.txt', format: 'iife', ...inlined },
  ...noNode,
  plugins: plugins(),
};
const convert = {
  input: 'src/convert/standalone.ts',
  output: { dir: 'dist/convert', entryFileNames: 'index.js', chunkFileNames: '[name]-[hash].js' },
  ...noNode,
  plugins: [
    ...plugins({ aliases: [{ find: 'unflat:convert-worker', replacement: here('dist/convert/worker.txt') }] }),
    // Pages name plugins by address: other people's bundlers are told to leave that import as it is. The minifier would drop it sooner.
    {
      name: 'address-imports',
      renderChunk: (code) => code.replace(/\bimport\((\w+)\)/g, 'import(/* webpackIgnore: true */ /* @vite-ignore */ $1)'),
    },
    then('worker-is-inside', () => rmSync('dist/convert/worker.txt')),
  ],
};

/** The folder that elements load when a photo holds no depth: the built-in model and what runs it on the processor. */
const elementDepth = {
  input: 'src/element/depth-worker.ts',
  output: { file: 'dist/element/unflat-depth/worker.js', ...inlined },
  plugins: [
    ...plugins(),
    then('onnxruntime', () =>
      ortFiles
        .filter((name) => !name.includes('asyncify'))
        .forEach((name) => cpSync(`${ort}/dist/${name}`, `dist/element/unflat-depth/${name}`)),
    ),
    then('built-in-models', () => copyEmbedded('dist/element/unflat-depth')),
  ],
};

const contract = { input: 'src/plugin-api/index.ts', output: { file: 'dist/plugin/index.js' }, plugins: plugins({ minify: false }) };

/** For Babylon scenes of other people: what it draws with is theirs. */
const babylon = {
  input: 'src/babylon/index.ts',
  output: { file: 'dist/babylon/index.js', ...inlined },
  ...noNode,
  external: [/^@babylonjs\//],
  plugins: plugins(),
};

/** The tests that plugins have to pass, for plain Node. */
const pluginTest = {
  input: 'test/contract/index.ts',
  output: { file: 'dist/plugin-test/index.js' },
  external: [/^node:/],
  plugins: plugins({ browser: false }),
};

/** The types of all that the package exports; what several of them speak of is declared once. */
const types = {
  input: {
    'element/unflat-photo': 'src/element/index.ts',
    'view/unflat-view': 'src/element/view.ts',
    'convert/index': 'src/convert/standalone.ts',
    'plugin/index': 'src/plugin-api/index.ts',
    'babylon/index': 'src/babylon/index.ts',
    'plugin-test/index': 'test/contract/index.ts',
  },
  output: { dir: 'dist', entryFileNames: '[name].d.ts', chunkFileNames: 'types/[name].d.ts' },
  plugins: [
    // Lit is inside the bundle, so its types are not for whoever installs the package.
    dts({
      compilerOptions: {
        paths: {
          'unflat/plugin': ['./src/plugin-api/index.ts'],
          lit: ['./src/element/lit-types.d.ts'],
          'lit/decorators.js': ['./src/element/lit-types.d.ts'],
        },
      },
    }),
  ],
};

const serviceWorker = {
  input: 'src/app/service-worker/service-worker.ts',
  output: { file: 'dist/app/service-worker.js', ...inlined },
  plugins: [
    ...plugins(),
    then('precache', () =>
      injectManifest({
        swSrc: 'dist/app/service-worker.js',
        swDest: 'dist/app/service-worker.js',
        globDirectory: 'dist/app',
        globPatterns: ['**/*'],
        // The first visit brings all that turns a photo into a 3D photo, the built-in model and what runs it on the processor among it, and the decoder for HEIC (2 MB).
        globIgnores: ['service-worker.js', 'ort/**/*.asyncify.*', 'heic/*.txt', 'screenshots/*'],
        // These addresses change with their content, and other parts look for them in the cache as they are.
        dontCacheBustURLsMatching: /^ort\//,
        // As the page asks for them, see src/app/create-worker.ts.
        manifestTransforms: [
          (manifest) => ({
            manifest: manifest.map((entry) =>
              /^\w+-worker\.js$/.test(entry.url) ? { ...entry, url: `${entry.url}?build=${build}`, revision: null } : entry,
            ),
          }),
        ],
        maximumFileSizeToCacheInBytes: 64 * 2 ** 20,
      }),
    ),
  ],
};

const cli = {
  input: 'src/cli/index.ts',
  output: { file: 'dist/cli/unflat.js', ...inlined },
  external: [/^node:/, 'playwright-core'],
  plugins: plugins({ browser: false }),
};

/** What other people's packages do among themselves is theirs. */
function onLog(level, log, handler) {
  const theirs = ['CIRCULAR_DEPENDENCY', 'THIS_IS_UNDEFINED'].includes(log.code) && (log.id ?? log.ids?.[0] ?? '').includes('node_modules');
  if (!theirs) handler(level, log);
}

// The command line comes last: its time stamp says that the whole build went through.
export default [
  drawWorker,
  page,
  sandbox,
  app,
  elementWorker,
  element,
  view,
  elementDepth,
  convertWorker,
  convert,
  contract,
  babylon,
  pluginTest,
  types,
  serviceWorker,
  cli,
].map((config) => ({
  ...config,
  onLog,
}));
