import { STAGES, lengthWords, sizeWords, TimeLeft, type Progress, type Stage } from '../core/index.ts';
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

/** What a person sees of one photo. */
export interface PhotoLine {
  /** @param progress `overall` counts for the photo with all its files. */
  progress(progress: Progress): void;
  finish(report: PhotoReport): void;
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

  constructor({ json, quiet }: TerminalOptions) {
    this.#json = json;
    this.#quiet = quiet;
    this.#live = !quiet && process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
    // A reader that has gone (`| head`) or a closed terminal: the files are still wanted.
    for (const stream of [process.stdout, process.stderr]) if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  }

  /** A photo is at work; several may be. @param index from 0. */
  begin(input: string, index: number, count: number): PhotoLine {
    const name = `${count > 1 ? `${index + 1}/${count} ` : ''}${input}`;
    const told = new Set<Stage>();
    const timeLeft = new TimeLeft();
    const startedAt = performance.now();
    return {
      progress: ({ stage, overall, note }) => {
        if (this.#live) {
          const left = timeLeft.heard(overall, performance.now());
          const done = `${Math.floor(overall * 100)} %${left === undefined ? '' : `, about ${lengthWords(left)} left`}`;
          return this.line(`${name}: ${note ?? STAGES[stage].words} ${done}`);
        }
        if (told.has(stage)) return;
        told.add(stage);
        this.#say(`${name}: ${stage}${note === undefined ? '' : ` (${note.replace(/…$/, '')})`}`);
      },
      finish: (report) => {
        this.finish(report);
        const { error, files } = report;
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        if (error === undefined) this.#say(`${name}: done, ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${seconds} s`);
      },
    };
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
    const text = `${path}  ${sizeWords(bytes)}`;
    if (!this.#json) process.stdout.write(`${printable(text)}\n`);
  }

  /** Something to know of a photo, beside its files. */
  note(input: string, text: string): void {
    this.#say(`${input}: note: ${text.replace(/\s+/g, ' ')}`);
  }

  /** What is to be known of a photo that was at work. */
  finish({ input, error, pluginStack = [], warnings, notes }: PhotoReport): void {
    for (const text of warnings) this.fail(`${input}: warning: ${text.replace(/\s+/g, ' ')}`);
    for (const text of notes) this.note(input, text);
    if (error !== undefined) this.fail(error);
    for (const place of pluginStack) this.fail(`  at ${place}`);
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
