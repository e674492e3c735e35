import { pickFiles, pickFolder } from './listen-for-files.ts';

/** A model and the data that may lie beside it. */
const MODEL_TYPES = '.onnx,.onnx_data,.data,.bin';

/** Whether these files are a model rather than photos. */
export function areModel(files: readonly File[]): boolean {
  return files.some(({ name }) => /\.onnx$/i.test(name));
}

export function pickModelFiles(): Promise<File[]> {
  return pickFiles(MODEL_TYPES, true);
}

export function pickModelFolder(): Promise<File[]> {
  return pickFolder();
}
