import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import alias from '@rollup/plugin-alias';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { injectManifest } from 'workbox-build';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Text where a program is wanted: shaders, and the worker that the element carries inside itself.
const loaders = { '.glsl': 'text', '.vert': 'text', '.frag': 'text', '.wgsl': 'text', '.txt': 'text', '.json': 'json' };

/** What runs networks comes as it is; the app loads it on first use, from a folder of that version. */
const ort = here('node_modules/onnxruntime-web');
const ortVersion = JSON.parse(readFileSync(`${ort}/package.json`, 'utf8')).version;
const ortFiles = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) => [`${name}.mjs`, `${name}.wasm`]);

/** Models that are built in: the catalogue's rows say which, and the build fails where a file is missing. */
const catalogue = JSON.parse(readFileSync(here('models/catalogue.json'), 'utf8'));
const embeddedFiles = catalogue.models.filter(({ embedded }) => embedded).flatMap(({ files }) => files.map(({ path }) => path));
const copyEmbedded = (folder) => embeddedFiles.forEach((path) => cpSync(here(`models/${path}`), `${folder}/${path}`));

/** A hash of all that decides what a photo becomes: results kept by another build are not taken for this one's. */
const resultVersion = (() => {
  const deciding = readdirSync(here('plugins')).filter((name) => /^(depth|inpaint)-/.test(name));
  const hash = createHash('sha256');
  for (const room of ['src/core', 'src/plugin-api', 'src/layers', 'src/inference', 'src/pipeline', ...deciding.map((id) => `plugins/${id}`)]) {
    const names = readdirSync(here(room), { recursive: true }).map(String).filter((name) => name.endsWith('.ts'));
    for (const name of names.sort()) hash.update(readFileSync(here(`${room}/${name}`)));
  }
  return hash.digest('hex').slice(0, 16);
})();

function plugins({ browser = true, minify = browser, aliases = [] } = {}) {
  return [
    alias({ entries: [{ find: 'unflat/plugin', replacement: here('src/plugin-api/index.ts') }, ...aliases] }),
    replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': '"production"' } }),
    // onnxruntime-web's own files stay out of the bundle: its threads would else load ours again.
    nodeResolve({ browser, extensions: ['.mjs', '.js', '.ts'], exportConditions: ['onnxruntime-web-use-extern-wasm'] }),
    esbuild({
      target: 'es2022',
      minify,
      loaders,
      legalComments: 'none',
      define: { UNFLAT_RESULT_VERSION: JSON.stringify(resultVersion), UNFLAT_ORT_VERSION: JSON.stringify(ortVersion) },
    }),
  ];
}

const then = (name, closeBundle) => ({ name, closeBundle });
const inlined = { inlineDynamicImports: true };
// mediabunny asks for a Node module that it never uses in a browser; what is not used is not loaded.
const noNode = { external: [/^node:/], treeshake: { moduleSideEffects: 'no-external' } };

/** The app and its workers share their chunks; all lie in one folder, so that relative addresses hold. */
const app = {
  input: { app: 'src/app/main.ts', 'pipeline-worker': 'src/app/pipeline-worker.ts', 'inference-worker': 'src/app/inference-worker.ts' },
  output: { dir: 'dist/app', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
  ...noNode,
  plugins: [
    { name: 'clean', buildStart: () => rmSync('dist', { recursive: true, force: true }) },
    ...plugins(),
    // The README's moving picture is for those who read, not for the app.
    then('onnxruntime', () => ortFiles.forEach((name) => cpSync(`${ort}/dist/${name}`, `dist/app/ort/${ortVersion}/${name}`))),
    then('built-in-models', () => copyEmbedded('dist/app/models')),
    then('public', () => cpSync('public', 'dist/app', { recursive: true, filter: (path) => !path.endsWith('readme') })),
  ],
};

/** One file holds the whole element; its worker comes along as text and starts from a Blob. */
const elementWorker = {
  input: 'src/element/worker.ts',
  output: { file: 'dist/element/worker.txt', ...inlined },
  plugins: plugins(),
};
const element = {
  input: 'src/element/standalone.ts',
  output: { file: 'dist/element/unflat-photo.js', ...inlined },
  plugins: [
    ...plugins({ aliases: [{ find: 'unflat:worker', replacement: here('dist/element/worker.txt') }] }),
    then('worker-is-inside', () => rmSync('dist/element/worker.txt')),
  ],
};

/** The folder that elements load when a photo holds no depth: the built-in network and what runs it on the processor. */
const elementDepth = {
  input: 'src/element/depth-worker.ts',
  output: { file: 'dist/element/unflat-depth/worker.js', ...inlined },
  plugins: [
    ...plugins(),
    then('onnxruntime', () => ortFiles.filter((name) => !name.includes('asyncify')).forEach((name) => cpSync(`${ort}/dist/${name}`, `dist/element/unflat-depth/${name}`))),
    then('built-in-models', () => copyEmbedded('dist/element/unflat-depth')),
  ],
};

const contract = { input: 'src/plugin-api/index.ts', output: { file: 'dist/plugin/index.js' }, plugins: plugins({ minify: false }) };
const contractTypes = { input: 'src/plugin-api/index.ts', output: { file: 'dist/plugin/index.d.ts' }, plugins: [dts()] };

const serviceWorker = {
  input: 'src/app/service-worker.ts',
  output: { file: 'dist/app/service-worker.js', ...inlined },
  plugins: [
    ...plugins(),
    then('precache', () =>
      injectManifest({
        swSrc: 'dist/app/service-worker.js',
        swDest: 'dist/app/service-worker.js',
        globDirectory: 'dist/app',
        globPatterns: ['**/*'],
        // The first visit brings all that turns a photo into a 3D photo, the built-in network and what runs it on the processor among it.
        globIgnores: ['service-worker.js', 'ort/**/*.asyncify.*'],
        // These addresses change with their content, and other parts look for them in the cache as they are.
        dontCacheBustURLsMatching: /^ort\//,
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
export default [app, elementWorker, element, elementDepth, contract, contractTypes, serviceWorker, cli].map((config) => ({ ...config, onLog }));
