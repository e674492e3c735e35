import { FRAME_POLICY, FRAME_SCRIPT } from './sandbox/frame-script.ts';
import { FRAME_SCRIPT_HASH } from './sandbox/frame-script-hash.ts';

/**
 * Starts a program in a sandbox: a frame with an origin of nobody's, which may run scripts and nothing else.
 * @param port goes to the program.
 * @param onFailed told why the program could not be started.
 * @returns takes the frame away, and the worker with it, whatever that is doing.
 */
export function openSandboxFrame(program: string, port: MessagePort, onFailed: (why: string) => void): () => void {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  // Nothing that a page can allow a frame: camera, sensors, full screen.
  frame.setAttribute('allow', '');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.hidden = true;
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${FRAME_POLICY(FRAME_SCRIPT_HASH)}"><script>${FRAME_SCRIPT}</script>`;
  const onMessage = ({ source, data }: MessageEvent<{ failed?: unknown } | null>): void => {
    if (source === frame.contentWindow && typeof data?.failed === 'string') onFailed(data.failed);
  };
  addEventListener('message', onMessage);
  frame.addEventListener('load', () => frame.contentWindow?.postMessage({ program }, '*', [port]), { once: true });
  document.body.append(frame);
  return () => {
    removeEventListener('message', onMessage);
    frame.remove();
  };
}
