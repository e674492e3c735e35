import type { ModelRow, ModelSize } from './model-types.ts';
import { sizeWords } from './size-words.ts';

/** Bytes of a model's files as far as its row knows them, and whether that is exact; undefined where it knows none. */
export function modelBytes({ files }: Pick<ModelRow, 'files'>): { bytes: number; exact: boolean } | undefined {
  const bytes = files.reduce((sum, { sizeBytes, aboutBytes }) => sum + (sizeBytes ?? aboutBytes ?? 0), 0);
  return bytes > 0 ? { bytes, exact: files.every(({ sizeBytes }) => sizeBytes !== null) } : undefined;
}

/** Size of a model in words: "27 MB", "about 165 MB", "size not known". */
export function modelSizeWords(row: Pick<ModelRow, 'files'>): string {
  const size = modelBytes(row);
  return size ? `${size.exact ? '' : 'about '}${sizeWords(size.bytes)}` : 'size not known';
}

/** What pictures a model takes: "384 × 384 pixels", "pictures of about 518 pixels on the shorter side". */
export function pictureWords(size: ModelSize): string {
  switch (size.rule) {
    case 'fixed':
      return `${size.width} × ${size.height} pixels`;
    case 'area':
      return `pictures of any shape, about as many pixels as ${size.px} × ${size.px}`;
    case 'short-side':
    case 'long-side':
      return `pictures of about ${size.px} pixels on the ${size.rule === 'short-side' ? 'shorter' : 'longer'} side`;
  }
}
