/** A box of an ISO base media file (ISO 14496-12): where its content lies. */
export interface Box {
  type: string;
  /** Of the box itself. */
  start: number;
  /** Of its content: behind the size, the type and, for `FULL_BOXES`, version and flags. */
  body: number;
  /** Behind its last byte; never beyond the box around it. */
  end: number;
  /** Of a box that has a version, else 0. */
  version: number;
  /** 24 bits; of a box that has them, else 0. */
  flags: number;
}

/** Boxes that begin with a version and flags, of those that are read here. */
const FULL_BOXES = new Set(['meta', 'pitm', 'iinf', 'infe', 'iloc', 'iref', 'ipma', 'ispe', 'pixi', 'auxC', 'ster']);
/** More boxes than this in one place are none that a camera writes: 200 megapixels in tiles have about 800 items. */
const MOST_BOXES = 20_000;

/** The boxes of a stretch of a file, one after the other; damage ends the list. */
export function* boxesIn(view: DataView, from: number, end: number): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= end && count < MOST_BOXES; count++) {
    let size = view.getUint32(at);
    let body = at + 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      body += 8;
    } else if (size === 0) size = end - at;
    const next = at + size;
    if (size < body - at || next > end) return;
    const box: Box = { type: fourLetters(view, at + 4), start: at, body, end: next, version: 0, flags: 0 };
    if (FULL_BOXES.has(box.type)) {
      if (body + 4 > next) return;
      const word = view.getUint32(body);
      Object.assign(box, { body: body + 4, version: word >>> 24, flags: word & 0xffffff });
    }
    yield box;
    at = next;
  }
}

/** A type of four letters. */
export function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

/** Reads numbers one after the other; behind the end of the box all are 0 and `isOver` is true. */
export class BoxReader {
  at: number;
  isOver = false;
  readonly #view: DataView;
  readonly #end: number;

  constructor(view: DataView, { body, end }: Pick<Box, 'body' | 'end'>) {
    this.#view = view;
    this.at = body;
    this.#end = end;
  }

  /** @param bytes 0, 1, 2, 4 or 8, most significant first; 0 bytes are the number 0. */
  uint(bytes: number): number {
    if (this.at + bytes > this.#end) this.isOver = true;
    if (this.isOver) return 0;
    const at = this.at;
    this.at += bytes;
    if (bytes === 8) return Number(this.#view.getBigUint64(at));
    if (bytes === 4) return this.#view.getUint32(at);
    if (bytes === 2) return this.#view.getUint16(at);
    return bytes === 1 ? this.#view.getUint8(at) : 0;
  }

  letters(): string {
    if (this.at + 4 > this.#end) this.isOver = true;
    if (this.isOver) return '';
    this.at += 4;
    return fourLetters(this.#view, this.at - 4);
  }

  /** Text up to a zero byte or the end of the box. */
  text(): string {
    let text = '';
    while (this.at < this.#end) {
      const code = this.#view.getUint8(this.at++);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }
}
