/** A page with the app's own policy and a script of the tests that knows the sandbox, and a server that writes down who asks for what. */
import { after } from 'node:test';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PAGE_POLICY } from '../../src/cli/content-policy.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { root } from '../../src/cli/prepare.mjs';

/** The program that stands around a plugin, as the build makes it. */
async function sandboxProgram(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/plugin-host/sandbox/plugin-program.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    globalName: 'unflatSandbox',
    target: 'es2022',
  });
  return outputFiles[0]!.text;
}

async function pageScript(entry: string): Promise<string> {
  const program = await sandboxProgram();
  const sandbox: Plugin = {
    name: 'sandbox',
    setup(builder) {
      builder.onResolve({ filter: /^unflat:sandbox$/ }, () => ({ path: 'sandbox', namespace: 'sandbox' }));
      builder.onLoad({ filter: /.*/, namespace: 'sandbox' }, () => ({ contents: program, loader: 'text' }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/browser', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    plugins: [sandbox],
    alias: {
      'unflat/plugin': join(root, 'src/plugin-api/index.ts'),
      'node:assert/strict': join(root, 'test/helpers/assert-in-page.ts'),
      'node:zlib': join(root, 'test/helpers/zlib-in-page.ts'),
    },
  });
  return outputFiles[0]!.text;
}

export interface SandboxServer {
  /** The page; `isolated/` below it is the same with cross-origin isolation. */
  url: string;
  /** Below this address nobody may ask for anything. */
  ask: string;
  /** Paths that were asked for below `ask`. */
  asked: string[];
  /** From then on nobody answers: pages are offline. */
  close(): Promise<void>;
}

/** @param entry file below test/browser. */
export async function sandboxServer(entry: string): Promise<SandboxServer> {
  const script = await pageScript(entry);
  const asked: string[] = [];
  const { url, close } = await listen((request, response) => {
    const path = request.url ?? '/';
    response.setHeader('access-control-allow-origin', '*');
    if (path.startsWith('/isolated/')) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    if (path.startsWith('/ask/')) {
      asked.push(path);
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end('globalThis.loaded = 1;');
    }
    if (path.endsWith('page.js')) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    const policy = `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">`;
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html>${policy}<title>Sandbox</title><body><script type="module" src="page.js"></script>`);
  });
  let isClosed = false;
  const end = async (): Promise<void> => {
    if (!isClosed) await close();
    isClosed = true;
  };
  after(end);
  return { url, ask: `${url}ask/`, asked, close: end };
}
