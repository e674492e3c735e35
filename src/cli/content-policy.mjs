// @ts-check
/**
 * What the app may load and whom it may talk to. The page says its own policy in index.html; a worker has none but what comes with
 * its script, so the server, the service worker and the build take it from here. Plain Node, no packages.
 */

/**
 * The script of the frames in which plugins of others run; they inherit this policy, and with their own may do far less. Its hash is that of
 * src/plugin-host/sandbox/frame-script.ts. Workers from `data:` have no origin: they are the plugins.
 */
const FRAME_SCRIPT = "'sha256-wTMp6mv/uIF23tUtYMnGyNCPgKkcEFCjGFvHbs3+FNc='";

/** Nothing but the app's own files. */
export const PAGE_POLICY = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' ${FRAME_SCRIPT}; worker-src 'self' blob: data:; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'`;

/** Where the catalogue's models lie, and where those addresses lead on to. */
export const MODEL_HOSTS = [
  'https://huggingface.co',
  'https://*.huggingface.co',
  'https://*.hf.co',
  'https://github.com',
  'https://*.githubusercontent.com',
];

/** The worker that downloads models reaches their hosts too, and nobody else. */
export const MODELS_POLICY = PAGE_POLICY.replace("connect-src 'self' blob: data:", (own) => [own, ...MODEL_HOSTS].join(' '));

/** The worker that downloads the plugin that a person asked for reaches any host, this device's own among them, and does nothing else. */
export const PLUGIN_DOWNLOAD_POLICY = "default-src 'none'; script-src 'self'; connect-src https: http://localhost:* http://127.0.0.1:*";

/**
 * Policies of the scripts that run as workers, by their names; the model runtime starts its threads from its own script.
 * @type {Readonly<Record<string, string>>}
 */
export const WORKER_POLICIES = {
  'pipeline-worker.js': PAGE_POLICY,
  'raster-worker.js': PAGE_POLICY,
  'graphics-worker.js': PAGE_POLICY,
  'ply-worker.js': PAGE_POLICY,
  'inference-worker.js': MODELS_POLICY,
  'download-worker.js': PLUGIN_DOWNLOAD_POLICY,
  'ort-wasm-simd-threaded.mjs': PAGE_POLICY,
  'ort-wasm-simd-threaded.asyncify.mjs': PAGE_POLICY,
};
