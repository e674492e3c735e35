import type { Gpu } from './gpu.ts';

const POLL_MS = 4;

/**
 * Resolves when the GPU has done what it was told so far (or its context was lost). Reading a
 * picture before that would hold up the page until it is done: seconds, where a program
 * stands in for the graphics card.
 */
export async function drawn(gpu: Gpu): Promise<void> {
  const gl = gpu._gl;
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (!fence) return;
  while (!gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  gl.deleteSync(fence);
}
