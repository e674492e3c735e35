import type { Stage } from '../core/index.ts';
import type { WrittenFile } from './file-exchange.ts';
import type { PhotoReport } from './report.ts';

/** What a person sees while photos are converted: files on stdout (or one report there), the rest on stderr. */
export class Terminal {
  readonly #json: boolean;
  readonly #live = process.stderr.isTTY === true;
  #line = '';

  constructor(json: boolean) {
    this.#json = json;
  }

  /** One line that changes in place; nothing where stderr is a file. */
  progress(input: string, stage: Stage, fraction: number, note?: string): void {
    this.line(`${input}: ${note ?? stage} ${Math.round(fraction * 100)} %`);
  }

  /** Any such line. */
  line(text: string): void {
    const line = text.slice(0, (process.stderr.columns || 80) - 1);
    if (!this.#live || line === this.#line) return;
    this.#line = line;
    process.stderr.write(`\r\x1b[K${line}`);
  }

  #clear(): void {
    if (this.#line !== '') process.stderr.write('\r\x1b[K');
    this.#line = '';
  }

  wrote({ path, bytes }: WrittenFile): void {
    this.#clear();
    const text = `${path}  ${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB\n`;
    if (!this.#json) process.stdout.write(text);
  }

  /** Something to know of a photo, beside its files. */
  note(input: string, text: string): void {
    this.#clear();
    process.stderr.write(`${input}: note: ${text.replace(/\s+/g, ' ')}\n`);
  }

  finish({ input, error, warnings }: PhotoReport): void {
    this.#clear();
    for (const warning of warnings) this.note(input, warning);
    if (error !== undefined) process.stderr.write(`${error}\n`);
  }

  report(photos: readonly PhotoReport[]): void {
    if (this.#json) this.json({ photos });
  }

  json(value: unknown): void {
    this.#clear();
    process.stdout.write(`${JSON.stringify(value, undefined, 1)}\n`);
  }

  print(text: string): void {
    this.#clear();
    process.stdout.write(`${text}\n`);
  }

  fail(message: string): void {
    this.#clear();
    process.stderr.write(`${message}\n`);
  }
}
