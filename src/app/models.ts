import { UnflatError, type DownloadProgress, type ModelInfo } from '../core/index.ts';
import { hasGpu, type Inference, type ModelGuess, type OwnModelAnswers } from '../inference/index.ts';
import { askToKeep } from '../store/index.ts';
import { keepModels } from './keep-models.ts';
import { isAbort } from './messages.ts';
import { modelsAreKept } from './models-are-kept.ts';
import { sortInpaintModels, sortModels, type SortedModels } from './recommended.ts';
import { strings } from './strings.ts';
import { Watched } from './watch.ts';

/** A model on its way to this machine, or the reason why it did not get here. */
export interface Download {
  progress?: DownloadProgress;
  /** For people, with the next step; the download has stopped. */
  problem?: string;
}

/** A person's own model file, before it is taken. */
export interface OwnDraft {
  files: readonly File[];
  /** What the loader makes of it; absent while it looks. */
  guess?: ModelGuess;
  /** Why it cannot be taken. */
  problem?: string;
  /** It is being taken. */
  busy: boolean;
}

/** The part of `Inference` that the app's screens use. */
export type ModelService = Pick<Inference, 'models' | 'fetch' | 'add' | 'remove' | 'describe' | 'onChange'>;

/** Models on this machine and those that could be fetched: what is listed, on its way, or asked about. */
export class Models extends Watched {
  /** All models; undefined until somebody asked for them. */
  list: readonly ModelInfo[] | undefined;
  /** Why they could not be listed. */
  problem = '';
  draft: OwnDraft | undefined;
  online = navigator.onLine;
  /** Models that are here can run now: what runs them is here too, or can be fetched. */
  canRun = true;
  readonly downloads = new Map<string, Download>();
  readonly #service: ModelService;
  readonly #running = new Map<string, AbortController>();
  readonly #cleanups: (() => void)[] = [];
  #gpu = false;
  #loading: Promise<void> | undefined;

  constructor(service: ModelService) {
    super();
    this.#service = service;
    const turn = () => {
      this.online = navigator.onLine;
      this.changed();
      void this.#askKept();
      if (this.online && this.problem) void this.#load();
    };
    for (const type of ['online', 'offline']) {
      addEventListener(type, turn);
      this.#cleanups.push(() => removeEventListener(type, turn));
    }
    this.#cleanups.push(service.onChange(() => void this.#load()));
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort(new DOMException('The page was left.', 'AbortError'));
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }

  /** Lists the models, once; later changes come by themselves. What failed is tried again. */
  load(): Promise<void> {
    return (this.#loading ??= Promise.all([this.#load(), this.#askGpu(), this.#askKept()]).then(() => {
      if (this.problem) this.#loading = undefined;
    }));
  }

  /** Looks again when each was used last: that a model ran changes nothing else. */
  refresh(): Promise<void> {
    return this.list ? this.#load() : Promise.resolve();
  }

  get sorted(): SortedModels {
    return sortModels(this.list ?? [], this.#gpu);
  }

  /** Models that inpaint hidden parts. */
  get inpaintModels(): readonly ModelInfo[] {
    return sortInpaintModels(this.list ?? []);
  }

  /** What lies on this machine, wholly or in part; the last used first. */
  get stored(): readonly ModelInfo[] {
    return (this.list ?? []).filter(({ storedBytes }) => storedBytes > 0).sort((a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0));
  }

  find(id: string | undefined): ModelInfo | undefined {
    return this.list?.find(({ row }) => row.id === id);
  }

  isFetching(id: string): boolean {
    return this.#running.has(id);
  }

  /** Fetches a model. @returns whether it is here now; a failure is told beside the model. */
  async fetch(id: string): Promise<boolean> {
    if (this.#running.has(id)) return false;
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#set(id, {});
    void askToKeep();
    try {
      await this.#service.fetch(id, {
        signal: controller.signal,
        onProgress: (progress) => !controller.signal.aborted && this.#set(id, { progress }),
      });
      this.downloads.delete(id);
      void keepModels();
      await this.#load();
      return true;
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) this.downloads.delete(id);
      else this.#set(id, { problem: problemWords(error) });
      await this.#load();
      return false;
    } finally {
      this.#running.delete(id);
      this.changed();
    }
  }

  /** Stops a download; what has arrived stays, and the next fetch goes on from there. */
  cancel(id: string): void {
    this.#running.get(id)?.abort(new DOMException('Cancelled.', 'AbortError'));
    this.downloads.delete(id);
    this.changed();
  }

  async remove(id: string): Promise<void> {
    this.cancel(id);
    await this.#service.remove(id);
    await this.#load();
  }

  /** Looks at a person's own model file and asks what it cannot tell. */
  async offer(files: readonly File[]): Promise<void> {
    const draft: OwnDraft = { files, busy: false };
    this.#setDraft(draft);
    try {
      const guess = await this.#service.describe([...files]);
      if (this.draft === draft) this.#setDraft({ ...draft, guess });
    } catch (error) {
      if (this.draft === draft) this.#setDraft({ ...draft, problem: problemWords(error) });
    }
  }

  /** Takes the model that was offered. @returns it, or undefined when it could not be taken. */
  async take(answers: OwnModelAnswers): Promise<ModelInfo | undefined> {
    const { draft } = this;
    if (!draft || draft.busy) return undefined;
    const busy: OwnDraft = { files: draft.files, busy: true, ...(draft.guess && { guess: draft.guess }) };
    this.#setDraft(busy);
    void askToKeep();
    try {
      const info = await this.#service.add([...draft.files], answers);
      void keepModels();
      await this.#load();
      if (this.draft === busy) this.#setDraft(undefined);
      return info;
    } catch (error) {
      if (this.draft === busy) this.#setDraft({ ...busy, busy: false, problem: problemWords(error) });
      return undefined;
    }
  }

  forgetDraft(): void {
    this.#setDraft(undefined);
  }

  #setDraft(draft: OwnDraft | undefined): void {
    this.draft = draft;
    this.changed();
  }

  #set(id: string, download: Download): void {
    this.downloads.set(id, download);
    this.changed();
  }

  async #load(): Promise<void> {
    try {
      this.list = await this.#service.models();
      this.problem = '';
    } catch (error) {
      this.list ??= [];
      this.problem = problemWords(error);
    }
    this.changed();
  }

  async #askKept(): Promise<void> {
    this.canRun = navigator.onLine || (await modelsAreKept());
    this.changed();
  }

  async #askGpu(): Promise<void> {
    this.#gpu = await hasGpu();
    this.changed();
  }
}

/** An UnflatError says all itself. */
function problemWords(error: unknown): string {
  if (error instanceof UnflatError) return error.message;
  return strings.messages.wentWrong(error instanceof Error ? error.message : String(error));
}
