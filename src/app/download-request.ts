/** What the worker that downloads is asked for. */
export interface DownloadRequest {
  address: string;
  /** Longest answer, in bytes. */
  mostBytes: number;
  /** What a plugin asks for may not lead on to another host, and may fail in any way that the host likes. */
  isAsked?: true;
}

/** The bytes so far, or the end. */
export type DownloadAnswer = { here: number } | { status: number; bytes: Uint8Array<ArrayBuffer> } | { why: string };
