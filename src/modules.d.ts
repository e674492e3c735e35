// What the bundler turns into text.
declare module '*.glsl' {
  const source: string;
  export default source;
}
declare module '*.vert' {
  const source: string;
  export default source;
}
declare module '*.frag' {
  const source: string;
  export default source;
}
/** What a 3D photo's web page in one file runs, made by the build. Hashes are as a content policy names them: `sha256-…`. */
declare module '#unflat/page-scripts' {
  /** Text of src/element/open-page.ts, and its hash. */
  export const open: string;
  export const openHash: string;
  /** Text of src/element/page.ts with all that it imports, gzip and base64, and the hash of the text. */
  export const element: string;
  export const elementHash: string;
  /** Text of src/element/draw-worker.ts with all that it imports, gzip and base64. */
  export const draw: string;
}
/** The bundled source of src/convert/worker.ts, to be started from a Blob. */
declare module 'unflat:convert-worker' {
  const source: string;
  export default source;
}
/** The bundled source of src/plugin-host/sandbox/plugin-program.ts, which stands around a plugin in its sandbox. */
declare module 'unflat:sandbox' {
  const source: string;
  export default source;
}
/** The bundled source of src/element/worker.ts, to be started from a Blob. */
declare module 'unflat:worker' {
  const source: string;
  export default source;
}
