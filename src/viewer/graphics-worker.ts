/** A worker that says once what draws here, as `rendererName` does, '' where it cannot tell: a page would stand still while the graphics start. */
import { rendererName } from './renderer-name.ts';

let name = '';
try {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl) name = rendererName(gl);
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
} catch {
  // The page asks for itself.
}
postMessage(name);
