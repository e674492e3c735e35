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
/** The bundled source of src/convert/worker.ts, to be started from a Blob. */
declare module 'unflat:convert-worker' {
  const source: string;
  export default source;
}
/** The bundled source of src/element/worker.ts, to be started from a Blob. */
declare module 'unflat:worker' {
  const source: string;
  export default source;
}
