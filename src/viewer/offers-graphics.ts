let isSure = false;

/** Whether this browser offers WebGL2 now; costs a context, given back at once, until the answer was yes. */
export function offersGraphics(): boolean {
  if (isSure) return true;
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return (isSure = context !== null);
}
