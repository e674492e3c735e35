/** Answers the models' real addresses inside the browser, so that tests need no network. */
import type { BrowserContext, Route } from 'playwright-core';
import type { TestModel } from '../fixtures/depth-models.ts';
import type { TestFile } from './app-page.ts';

type Answer = Parameters<Route['fulfill']>[0];

export class ModelHost {
  /** File names that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #holds = new Map<string, Promise<void>>();

  /** Nothing outside can be reached from that context any more. */
  static async of(context: BrowserContext): Promise<ModelHost> {
    const host = new ModelHost();
    await context.route(/^https:/, (route) => host.#fulfill(route));
    return host;
  }

  serve(name: string, bytes: Uint8Array): void {
    this.answer(name, { status: 200, contentType: 'application/octet-stream', body: Buffer.from(bytes) });
  }

  answer(name: string, answer: Answer): void {
    this.#answers.set(name, answer);
  }

  /** Lets that file wait. @returns what ends the wait. */
  hold(name: string): () => void {
    let release = (): void => {};
    this.#holds.set(name, new Promise((resolve) => (release = resolve)));
    return release;
  }

  async #fulfill(route: Route): Promise<void> {
    const name = decodeURIComponent(new URL(route.request().url()).pathname.split('/').pop() ?? '');
    this.asked.push(name);
    await this.#holds.get(name);
    const answer = this.#answers.get(name) ?? { status: 404, body: 'There is no such file.' };
    // Who has stopped listening meanwhile gets no answer.
    await route
      .fulfill({
        ...answer,
        headers: { 'access-control-allow-origin': '*', ...(answer?.contentType && { 'content-type': answer.contentType }) },
      })
      .catch(() => undefined);
  }
}

/**
 * A browser in which the built-in model cannot be read, so that a photo without depth asks; without service workers too, as one
 * would have kept the file.
 */
export async function withoutBuiltIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => void Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
  await context.route('**/models/*.onnx', (route) =>
    route.fulfill({ status: 200, contentType: 'application/octet-stream', body: 'This is another file.' }),
  );
}

/** A model's first file as a person would drop it. */
export function modelFile(name: string, testModel: TestModel): TestFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(testModel.files[0]!.bytes) };
}
