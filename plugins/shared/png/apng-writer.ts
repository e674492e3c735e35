import { buildPngChunk, pngMark } from 'unflat/plugin';
import type { Raster } from 'unflat/plugin';
import { colourSamples, compressRows, headerChunk, pngSignature, type WriteHooks } from './write-png.ts';

/** Writes an animated PNG that plays for ever: true colour, no loss. Chunks acTL, fcTL, fdAT: PNG specification, W3C, third edition. */
export class ApngWriter {
  readonly #frames: number;
  readonly #fps: number;
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  #written = 0;
  #sequence = 0;

  /** @param frames how many there will be. @param fps whole frames a second. */
  constructor(frames: number, fps: number) {
    this.#frames = frames;
    this.#fps = fps;
  }

  /** Adds a picture of the first one's size. */
  async add(raster: Raster, hooks: WriteHooks): Promise<void> {
    const samples = colourSamples(raster);
    const data = await compressRows(samples, hooks);
    if (this.#written === 0) {
      const image = buildPngChunk('IDAT', data);
      this.#parts.push(
        headerChunk(samples),
        pngMark('view', [image]),
        buildPngChunk('acTL', numbers([this.#frames, 0])),
        this.#control(raster),
        image,
      );
    } else {
      const bytes = new Uint8Array(4 + data.length);
      const control = this.#control(raster);
      bytes.set(numbers([this.#sequence++]));
      bytes.set(data, 4);
      this.#parts.push(control, buildPngChunk('fdAT', bytes));
    }
    this.#written++;
  }

  finish(): Blob {
    return new Blob([pngSignature(), ...this.#parts, buildPngChunk('IEND', new Uint8Array(0))], { type: 'image/apng' });
  }

  /** The whole picture, for 1/fps seconds, in place of the one before. */
  #control({ width, height }: Raster): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(26);
    bytes.set(numbers([this.#sequence++, width, height, 0, 0]));
    new DataView(bytes.buffer).setUint16(20, 1);
    new DataView(bytes.buffer).setUint16(22, this.#fps);
    return buildPngChunk('fcTL', bytes);
  }
}

/** 32-bit numbers, big-endian. */
function numbers(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return new Uint8Array(view.buffer);
}
