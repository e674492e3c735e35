import { nextTask } from '../core/index.ts';
import { isSoftwareName } from './is-software-name.ts';

let known: boolean | undefined;

/** Whether a program draws instead of a graphics card, or there is no WebGL2 at all. Costs a context the first time, given back at once. */
export function gpuIsProgram(): boolean {
  for (const _ of findOut());
  return known ?? true;
}

/**
 * Gets ready for the first scene: finds out what `gpuIsProgram` says, in pieces (starting the graphics takes browsers some ten
 * milliseconds, and asking them as long), and loads what draws by a graphics card where there is one.
 */
export async function getGraphicsReady(): Promise<void> {
  for (const _ of findOut()) await nextTask();
  // Should it fail, that is told when a scene needs it.
  if (known === false) await import('./hardware-stage.ts').catch(() => undefined);
}

function* findOut(): Generator<void> {
  if (known !== undefined) return;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return;
  yield;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  yield;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  known = isSoftwareName(name);
}
