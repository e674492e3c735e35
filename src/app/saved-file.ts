/** Pictures that the clipboard takes, as PNG. */
const COPIED = new Set(['image/png', 'image/jpeg', 'image/webp']);
/** What the app can show. */
const SHOWN = new Set([...COPIED, 'image/gif', 'image/apng']);

/** Where the browser lets people choose where a file goes: not yet among TypeScript's types. */
const picker = globalThis as { showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle> };

function canShare(file: File): boolean {
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [file] });
}

/** Closing the share sheet is a choice, not a failure. */
async function share(file: File): Promise<void> {
  await navigator.share({ files: [file], title: file.name }).catch(() => undefined);
}

function canCopy(file: File): boolean {
  return COPIED.has(file.type) && typeof ClipboardItem === 'function' && typeof navigator.clipboard?.write === 'function';
}

/** @throws DOMException where the browser does not allow it. */
async function copy(file: File): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': file.type === 'image/png' ? file : pngOf(file) })]);
}

async function pngOf(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

function canShow(file: File): 'picture' | 'video' | undefined {
  if (file.type.startsWith('video/')) return 'video';
  return SHOWN.has(file.type) ? 'picture' : undefined;
}

function canSaveAs(): boolean {
  return typeof picker.showSaveFilePicker === 'function';
}

/** Asks where to, and writes the file there. @returns whether it was written; closing the dialog is a choice. @throws what the disk says. */
async function saveAs(file: File): Promise<boolean> {
  let handle: FileSystemFileHandle;
  try {
    handle = await picker.showSaveFilePicker!({ suggestedName: file.name });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
  await file.stream().pipeTo(await handle.createWritable());
  return true;
}

/** What can be done with a file that was saved, as far as this browser offers it. */
export const savedFile = { canShow, canCopy, copy, canShare, share, canSaveAs, saveAs };
