import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnflatError } from '../core/index.ts';
import type { DownloadSink } from '../download/index.ts';

/** A file that is being fetched: it grows under another name, so that a file that is there is whole. */
export class PartFile implements DownloadSink {
  readonly path: string;
  readonly #part: string;
  readonly #mark: string;
  validator: string | undefined;

  private constructor(path: string) {
    this.path = path;
    this.#part = `${path}.part`;
    this.#mark = `${path}.etag.part`;
  }

  static async open(path: string): Promise<PartFile> {
    const file = new PartFile(path);
    await mkdir(dirname(path), { recursive: true });
    file.validator = await readFile(file.#mark, 'utf8').catch(() => undefined);
    return file;
  }

  async sizeBytes(): Promise<number> {
    return (await stat(this.#part).catch(() => undefined))?.size ?? 0;
  }

  async *kept(): AsyncGenerator<Uint8Array> {
    if ((await this.sizeBytes()) === 0) return;
    for await (const bytes of createReadStream(this.#part, { highWaterMark: 4 * 2 ** 20 })) yield bytes as Buffer;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const before = await this.sizeBytes();
    try {
      await appendFile(this.#part, bytes);
    } catch (cause) {
      // Half a piece would be taken for the whole of it.
      await truncate(this.#part, before).catch(() => {});
      throw diskError(this.#part, cause);
    }
  }

  async restart(validator: string | undefined): Promise<void> {
    await this.remove();
    this.validator = validator;
    if (validator !== undefined)
      await writeFile(this.#mark, validator).catch((cause: unknown) => Promise.reject(diskError(this.#mark, cause)));
  }

  /** The file is whole and right: it gets its name. */
  async finish(): Promise<void> {
    await rename(this.#part, this.path);
    await rm(this.#mark, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#part, { force: true });
    await rm(this.#mark, { force: true });
  }
}

export function diskError(path: string, cause: unknown): UnflatError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UnflatError(
      'storage-full',
      `${path} could not be written: the disk is full. Free some space, or choose another folder with --models.`,
      { cause },
    );
  return new UnflatError(
    'io',
    `${path} could not be written (${code ?? String(cause)}); check the folder, or choose another one with --models.`,
    { cause },
  );
}
