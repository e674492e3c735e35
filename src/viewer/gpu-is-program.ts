import { isSoftwareName } from './is-software-name.ts';
import { rendererName } from './renderer-name.ts';

let known: boolean | undefined;

/** Whether a program draws instead of a graphics card, or there is no WebGL2 at all. Costs a context the first time, given back at once. */
export function gpuIsProgram(): boolean {
  if (known !== undefined) return known;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return true;
  known = isSoftwareName(rendererName(gl));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return known;
}

/**
 * Gets ready for the first scene: finds out what `gpuIsProgram` says, without holding up the page, and loads what draws by a graphics
 * card where there is one.
 * @param startWorker starts `graphics-worker.ts`; where that cannot tell, `gpuIsProgram` asks when a scene needs it.
 */
export async function getGraphicsReady(startWorker: () => Worker): Promise<void> {
  const name = await nameFrom(startWorker);
  if (name) known ??= isSoftwareName(name);
  // Should it fail, that is told when a scene needs it.
  if (known === false) await import('./hardware-stage.ts').catch(() => undefined);
}

function nameFrom(startWorker: () => Worker): Promise<string> {
  return new Promise((resolve) => {
    const worker = startWorker();
    const end = (name: string): void => {
      worker.terminate();
      resolve(name);
    };
    worker.onmessage = ({ data }: MessageEvent<string>) => end(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end('');
    };
  });
}
