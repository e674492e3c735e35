import { isSoftwareName } from './gpu.ts';

let known: boolean | undefined;

/** Whether a program draws instead of a graphics card, or there is no WebGL2 at all. Costs a context the first time, given back at once. */
export function gpuIsProgram(): boolean {
  if (known !== undefined) return known;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return true;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  known = isSoftwareName(String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return known;
}
