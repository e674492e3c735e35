/** What the sandbox of plugins costs: the same plugin inside and in its sandbox, photo and result handed over, 960 × 720 pixels. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'esbuild';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import { manifestComment } from '../../src/plugin-api/index.ts';
import { buildStranger } from '../helpers/build-stranger.ts';
import { sandboxServer } from '../helpers/sandbox-page.ts';
import { figure } from './figures.ts';

declare function measured(text: string, times: number): Promise<{ insideMs: number; sandboxMs: number; startMs: number }>;

/** Our own inpainter as a stranger would bring it: the only one here that works for seconds. */
async function boxedClassic(): Promise<string> {
  const [id, label] = ['inpaint-boxed', 'Boxed'];
  const entry = `import plugin from './plugins/inpaint-classic/index.ts'; export default { ...plugin, id: '${id}', label: '${label}' };`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
    banner: {
      js: manifestComment({
        id,
        label,
        version: '1.0.0',
        kind: 'inpaint',
        author: 'The bench',
        licence: 'MIT',
        apiVersion: 1,
        hosts: [],
        models: [],
        sees: ['photo', 'depth'],
      }),
    },
  });
  return outputFiles[0]!.text;
}

export async function benchSandbox(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  const server = await sandboxServer('../bench/sandbox-page.ts');
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'measured' in globalThis);
    for (const [name, text, times] of [
      ['our inpainter', await boxedClassic(), 3],
      ['inpaint-mirror', await buildStranger('inpaint-mirror'), 9],
      ['depth-tilt', await buildStranger('depth-tilt'), 9],
    ] as const) {
      const { insideMs, sandboxMs, startMs } = await page.evaluate(([file, count]) => measured(file, count), [text, times] as const);
      figure(
        `${name} ${insideMs.toFixed(0)} → ${sandboxMs.toFixed(0)} ms in the sandbox (× ${(sandboxMs / insideMs).toFixed(2)}), start ${startMs.toFixed(0)} ms`,
      );
    }
  } finally {
    await browser.close();
    await server.close();
  }
}
