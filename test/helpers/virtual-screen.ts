import { spawn, type ChildProcess } from 'node:child_process';

/** An X server without a screen: Firefox and WebKitGTK need one for WebGL. */
export interface VirtualScreen {
  /** Value for the variable DISPLAY. */
  display: string;
  close(): void;
}

/** Starts Xvfb on a free display. @throws Error when it does not start. */
export async function virtualScreen(program: string): Promise<VirtualScreen> {
  const child: ChildProcess = spawn(program, ['-displayfd', '3', '-screen', '0', '1280x900x24', '+extension', 'GLX', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdio[3]!.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.endsWith('\n')) resolve(text.trim());
    });
    child.on('error', reject).on('exit', () => reject(new Error('Xvfb ended before it was ready.')));
  });
  return { display: `:${number}`, close: () => void child.kill() };
}
