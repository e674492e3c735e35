/** As much of W3C WebDriver as the tests need, for WebKitGTK's own driver. https://www.w3.org/TR/webdriver2/ */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface WebDriverOptions {
  /** Program file of the driver. */
  driver: string;
  /** `alwaysMatch` of the new session. */
  capabilities: Record<string, unknown>;
  env: NodeJS.ProcessEnv;
}

/** One browser window under a driver's control. */
export class WebDriverSession {
  readonly #session: string;
  readonly #stop: () => void;

  private constructor(session: string, stop: () => void) {
    this.#session = session;
    this.#stop = stop;
  }

  /** @throws Error when the driver or the browser does not start. */
  static async start({ driver, capabilities, env }: WebDriverOptions): Promise<WebDriverSession> {
    const port = await freePort();
    const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' });
    const base = `http://127.0.0.1:${port}`;
    try {
      for (let tries = 0; !(await isUp(base)); tries++) {
        if (tries > 100 || child.exitCode !== null) throw new Error(`${driver} did not start.`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const { sessionId } = (await call('POST', `${base}/session`, { capabilities: { alwaysMatch: capabilities } })) as {
        sessionId: string;
      };
      const session = `${base}/session/${sessionId}`;
      await call('POST', `${session}/timeouts`, { script: 600_000, pageLoad: 120_000 });
      return new WebDriverSession(session, () => child.kill());
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  async goto(url: string): Promise<void> {
    await call('POST', `${this.#session}/url`, { url });
  }

  async reload(): Promise<void> {
    await call('POST', `${this.#session}/refresh`, {});
  }

  /** Runs a function's source in the page and awaits it. @throws Error with the page's own message. */
  async evaluate(source: string, args: readonly unknown[]): Promise<unknown> {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${source})(...JSON.parse(arguments[0])))
        .then((value) => done(JSON.stringify({ value })), (error) => done(JSON.stringify({ error: String(error && error.stack || error) + ' ' + String(error) })));`;
    const answer = (await call('POST', `${this.#session}/execute/async`, { script, args: [JSON.stringify(args)] })) as string;
    const { value, error } = JSON.parse(answer) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** The window's picture, PNG. */
  async screenshot(): Promise<Buffer> {
    return Buffer.from((await call('GET', `${this.#session}/screenshot`)) as string, 'base64');
  }

  async close(): Promise<void> {
    await call('DELETE', this.#session).catch(() => undefined);
    this.#stop();
  }
}

async function call(method: string, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${error}: ${message}`);
}

async function isUp(base: string): Promise<boolean> {
  return fetch(`${base}/status`).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
