/** The kinds of plugins, as `--kind` takes them. */
export const PLUGIN_KINDS = ['depth', 'inpaint', 'output'] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];

/** Names of the package's entries, as they stand in an import. */
const CONTRACT = "'unflat/plugin'";
const SUITE = "'unflat/plugin-test'";

/** What the code of a new plugin does: something small that works and passes its tests. */
const SOURCES: Readonly<Record<PluginKind, (id: string, label: string) => string>> = {
  depth: (id, label) => `import { defineDepthSource, throwIfAborted } from ${CONTRACT};

export default defineDepthSource({
  id: '${id}',
  label: '${label}',
  options: [
    { id: 'horizon', label: 'Horizon', type: 'number', default: 0.4, min: 0, max: 0.9, step: 0.1, help: 'What is above it is far away.' },
  ],
  supports: () => true,

  async estimate({ photo, options }, { signal, progress }) {
    throwIfAborted(signal);
    const { width, height } = photo;
    const horizon = Number(options.horizon);
    const disparity = new Float32Array(width * height); // 1 = nearest, 0 = farthest
    for (let y = 0; y < height; y++) {
      const below = ((y + 0.5) / height - horizon) / (1 - horizon);
      disparity.fill(Math.max(0, below), y * width, (y + 1) * width);
    }
    progress(1);
    return { depth: { width, height, disparity } };
  },
});
`,
  inpaint: (id, label) => `import { defineInpainter, throwIfAborted } from ${CONTRACT};

export default defineInpainter({
  id: '${id}',
  label: '${label}',
  options: [],
  supports: () => true,

  async inpaint({ width, height, rgba, hole, context }, { signal, progress }) {
    throwIfAborted(signal);
    const filled = rgba.slice();
    for (let y = 0; y < height; y++) {
      // In each row a hole gets the colour that was seen last; never one where context is 0: that is in front.
      let seen = -1;
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (!hole[i] && context[i] === 255) seen = i;
        if (hole[i] && seen >= 0) filled.set(rgba.subarray(seen * 4, seen * 4 + 3), i * 4);
      }
    }
    progress(1);
    return filled;
  },
});
`,
  output: (id, label) => `import { defineOutput, throwIfAborted } from ${CONTRACT};

export default defineOutput({
  id: '${id}',
  label: '${label}',
  products: [{ id: '${id.slice('output-'.length)}', label: '${label}', suffixes: ['.json'] }],
  needs: 'depth',
  options: [],
  supports: () => true,

  async write({ scene }, { signal, progress }) {
    throwIfAborted(signal);
    const { width, height, lens, depth } = scene;
    const text = JSON.stringify({ width, height, lens, depth: [...depth.disparity.slice(0, 10)] });
    progress(1);
    return { suffix: '.json', blob: new Blob([text]) };
  },
});
`,
};

const TESTS: Readonly<Record<PluginKind, string>> = { depth: 'testDepthSource', inpaint: 'testInpainter', output: 'testOutput' };
const SEES: Readonly<Record<PluginKind, readonly string[]>> = { depth: ['photo'], inpaint: ['photo', 'depth'], output: ['depth'] };

/** The files of a new plugin by their paths. @param unflat the package of Unflat that it is written for, as a package.json names it. */
export function pluginTemplate(id: string, kind: PluginKind, unflat: string): Record<string, string> {
  const words = id.slice(kind.length + 1).replaceAll('-', ' ');
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'package.json': json({
      name: `unflat-${id}`,
      version: '0.1.0',
      private: true,
      type: 'module',
      scripts: { build: 'node build.mjs', check: 'tsc', dev: 'unflat plugins dev', test: 'node build.mjs && node --test' },
      devDependencies: { esbuild: '^0.28.0', typescript: '^5.9.0', unflat },
    }),
    'manifest.json': json({
      id,
      version: '0.1.0',
      kind,
      label,
      author: 'Your name',
      licence: 'MIT',
      apiVersion: 1,
      hosts: [],
      models: [],
      sees: SEES[kind],
    }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2023', 'dom'],
        types: [],
        strict: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        allowImportingTsExtensions: true,
      },
      include: ['src'],
    }),
    'src/index.ts': SOURCES[kind](id, label),
    'build.mjs': `// Builds the plugin into one file that begins with its manifest.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { manifestComment } from ${CONTRACT};

const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
// A model that lies in this folder: its size and hash are filled in, and it goes beside the plugin, unless the manifest says another place.
mkdirSync('dist', { recursive: true });
for (const model of manifest.models) {
  if (!existsSync(model.path)) continue;
  const bytes = readFileSync(model.path);
  model.sizeBytes = bytes.length;
  model.sha256 = createHash('sha256').update(bytes).digest('hex');
  if (!model.url && !model.base64) writeFileSync('dist/' + model.path, bytes);
}
await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/${id}.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: manifestComment(manifest) },
}).catch(() => process.exit(1)); // esbuild has said why
`,
    'test/contract.test.mjs': `import { readFileSync } from 'node:fs';
import { readManifest } from ${CONTRACT};
import { ${TESTS[kind]} } from ${SUITE};
import plugin from ${JSON.stringify(`../dist/${id}.js`)};

// The file begins with its manifest.
const manifest = readManifest(readFileSync(new URL('../dist/${id}.js', import.meta.url), 'utf8'));

${TESTS[kind]}(plugin, { manifest });
`,
    'README.md': `# ${label}

What it does, in a sentence. What it is good for, and what not.

A plugin for Unflat. To install it: open Unflat, then Plugins, and drop \`dist/${id}.js\` there, or enter its link.

\`\`\`sh
npm install
npm test        # builds dist/${id}.js and tests it
npm run check   # types
npm run dev     # opens the app with the plugin in it; builds, tests and loads it again at every change
\`\`\`
`,
    '.gitignore': 'node_modules\ndist\n',
  };
}
