/** Whether a plugin that compresses by the platform can run, for `supports`. */
export const canCompress = (): true | string =>
  'CompressionStream' in globalThis || 'this browser cannot compress data; use a current one.';
