/** What a context's renderer calls itself, as in “ANGLE (NVIDIA …)”. */
export function rendererName(gl: WebGL2RenderingContext): string {
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}
