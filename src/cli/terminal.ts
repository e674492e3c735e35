import { STAGES, lengthWords, TimeLeft, type Progress, type Stage } from '../core/index.ts';
import { diskWords } from './disk-words.ts';
import type { WrittenFile } from './file-exchange.ts';
import { fitted } from './fitted.ts';
import { printable } from './printable.ts';
import type { PhotoReport } from './run-report.ts';

export interface TerminalOptions {
  /** stdout gets one report and no names of files. */
  json: boolean;
  /** Neither progress nor notes; errors and warnings stay. */
  quiet: boolean;
}

/**
 * What a person sees while photos are converted: files on stdout (or one report there), the rest on stderr. Progress is one line that
 * changes in place on a terminal, else one line for each stage of each photo.
 */
export class Terminal {
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #live: boolean;
  #line = '';
  #place = '';
  /** Stages of the photo at work that were told. */
  #told = new Set<Stage>();
  #startedAt = 0;
  #timeLeft = new TimeLeft();

  constructor({ json, quiet }: TerminalOptions) {
    this.#json = json;
    this.#quiet = quiet;
    this.#live = !quiet && process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
    // A reader that has gone (`| head`) or a closed terminal: the files are still wanted.
    for (const stream of [process.stdout, process.stderr]) if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  }

  /** Another photo is at work. @param index from 0. */
  begin(index: number, count: number): void {
    this.#place = count > 1 ? `${index + 1}/${count} ` : '';
    this.#told.clear();
    this.#startedAt = performance.now();
    this.#timeLeft = new TimeLeft();
  }

  /** @param progress `overall` counts for the photo with all its files. */
  progress(input: string, { stage, overall, note }: Progress): void {
    if (this.#live) {
      const left = this.#timeLeft.heard(overall, performance.now());
      const done = `${Math.floor(overall * 100)} %${left === undefined ? '' : `, about ${lengthWords(left)} left`}`;
      return this.line(`${this.#place}${input}: ${note ?? STAGES[stage].words} ${done}`);
    }
    if (this.#told.has(stage)) return;
    this.#told.add(stage);
    this.#say(`${this.#place}${input}: ${stage}${note === undefined ? '' : ` (${note.replace(/…$/, '')})`}`);
  }

  /** A line that changes in place; nothing where stderr is a file. */
  line(text: string): void {
    const line = fitted(printable(text), (process.stderr.columns || 80) - 1);
    if (!this.#live || line === this.#line) return;
    this.#line = line;
    process.stderr.write(`\r\x1b[K${line}`);
  }

  #clear(): void {
    if (this.#line !== '') process.stderr.write('\r\x1b[K');
    this.#line = '';
  }

  #say(text: string): void {
    if (!this.#quiet) this.fail(text);
  }

  wrote({ path, bytes }: WrittenFile): void {
    this.#clear();
    const text = `${path}  ${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB`;
    if (!this.#json) process.stdout.write(`${printable(text)}\n`);
  }

  /** Something to know of a photo, beside its files. */
  note(input: string, text: string): void {
    this.#say(`${input}: note: ${text.replace(/\s+/g, ' ')}`);
  }

  finish({ input, error, files, warnings, notes }: PhotoReport): void {
    for (const text of warnings) this.fail(`${input}: warning: ${text.replace(/\s+/g, ' ')}`);
    for (const text of notes) this.note(input, text);
    if (error !== undefined) return this.fail(error);
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    this.#say(`${this.#place}${input}: done, ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${seconds} s`);
  }

  /** @returns whether stdout took it; where it did not, that is said on stderr. */
  async json(value: unknown): Promise<boolean> {
    this.#clear();
    const text = `${JSON.stringify(value, undefined, 1)}\n`;
    const failure = await new Promise<unknown>((done) => process.stdout.write(text, (error) => done(error)));
    if (failure) this.fail(`The report could not be written to stdout: ${diskWords(failure)}.`);
    return !failure;
  }

  print(text: string): void {
    this.#clear();
    process.stdout.write(`${text}\n`);
  }

  fail(message: string): void {
    this.#clear();
    process.stderr.write(`${printable(message)}\n`);
  }
}
