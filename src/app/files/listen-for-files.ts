import { isSystemFile } from '../../core/index.ts';
import { SHARED_CACHE } from '../shared-cache.ts';
import { filesBelow, foldersOf } from './folders-of.ts';

/** The page's address after a photo was shared to it. */
export const SHARED_HASH = '#shared';

/** What arrives from outside the app's own buttons. */
export interface IncomingHooks {
  onFiles(files: File[]): void;
  /** Files hang over the window (true), or no longer (false). */
  onDragging(dragging: boolean): void;
  /** The installed app was asked for one of its places, as `#depth`, without being loaded anew. */
  onPlace(hash: string): void;
}

interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly { getFile(): Promise<File> }[]; targetURL?: string }) => void): void;
}

/** Listens for drops, pastes, files opened with the installed app, and photos shared to it. */
export function listenForFiles({ onFiles: take, onDragging, onPlace }: IncomingHooks): () => void {
  const onFiles = (files: File[]): void => take(withoutSystemFiles(files));
  const done = new AbortController();
  const { signal } = done;
  // dragenter and dragleave come in pairs for every element passed on the way.
  let depth = 0;
  const over = (by: number) => {
    depth = Math.max(0, depth + by);
    onDragging(depth > 0);
  };
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

  addEventListener('dragenter', (event) => carriesFiles(event) && (event.preventDefault(), over(1)), { signal });
  addEventListener('dragleave', (event) => carriesFiles(event) && over(-1), { signal });
  addEventListener(
    'dragover',
    (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  addEventListener(
    'drop',
    (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over(-depth);
      const folders = foldersOf(event.dataTransfer);
      if (folders.length) void filesBelow(folders).then(onFiles);
      else onFiles([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  addEventListener(
    'paste',
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      onFiles(files);
    },
    { signal },
  );

  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  addEventListener('hashchange', () => onPlace(location.hash), { signal });
  launchQueue?.setConsumer(({ files, targetURL }) => {
    if (targetURL) onPlace(new URL(targetURL).hash);
    if (files?.length) void Promise.all(files.map((handle) => handle.getFile())).then(onFiles);
  });
  if (location.hash === SHARED_HASH) void takeShared().then((files) => files.length && onFiles(files));
  return () => done.abort();
}

/** Nobody means `.DS_Store`, wherever it came along; where there is nothing else it is named as what it is. */
function withoutSystemFiles(files: File[]): File[] {
  const meant = files.filter((file) => !isSystemFile(file.webkitRelativePath || file.name));
  return meant.length ? meant : files;
}

/** Photos that the service worker laid by when they were shared. */
async function takeShared(): Promise<File[]> {
  history.replaceState(null, '', location.pathname + location.search);
  const cache = await caches.open(SHARED_CACHE);
  const files = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const response = await cache.match(request);
      const name = decodeURIComponent(new URL(request.url).pathname.split('/').pop() ?? 'photo');
      return response && new File([await response.blob()], name, { type: response.headers.get('content-type') ?? '' });
    }),
  );
  await caches.delete(SHARED_CACHE);
  return files.filter((file) => file !== undefined);
}

/** Asks for files with the system's own dialog. */
export function pickFiles(accept: string, multiple: boolean): Promise<File[]> {
  return pick({ accept, multiple });
}

/** Asks for a folder; its files come with those of the folders in it. */
export function pickFolder(): Promise<File[]> {
  return pick({ webkitdirectory: true });
}

function pick(properties: { accept?: string; multiple?: boolean; webkitdirectory?: boolean }): Promise<File[]> {
  return new Promise((resolve) => {
    const input = Object.assign(document.createElement('input'), { type: 'file', ...properties });
    input.addEventListener('change', () => resolve(withoutSystemFiles([...(input.files ?? [])])));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
