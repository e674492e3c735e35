import type { Scene, SourceFile } from '../core/index.ts';
import { isSceneFile } from '../pipeline/index.ts';
import type { Desk, OpenPhoto } from './desk.ts';

/** A photo that is on its way to become a 3D photo. */
export interface FlatPhoto {
  title: string;
  photo: File | SourceFile;
}

/** What is on the screen in 3D. */
export interface Shown {
  scene: Scene;
  /** What it was made from. */
  photo: File | SourceFile;
}

/**
 * What to show flat now: the photo that is being opened, or is open, until its 3D photo is on the screen.
 * @param before what was shown flat until now.
 */
export function flatPhoto(
  { run, open }: Pick<Desk, 'run'> & { open: Pick<OpenPhoto, 'title' | 'input'> | undefined },
  shown: Pick<Shown, 'photo'> | undefined,
  before: FlatPhoto | undefined,
): FlatPhoto | undefined {
  const wanted =
    run && !run.again && run.photo ? { title: run.title, photo: run.photo } : open && { title: open.title, photo: open.input.photo };
  // A 3D photo that was saved is no picture that a browser shows.
  if (!wanted || wanted.photo === shown?.photo || isSceneFile(wanted.photo)) return undefined;
  return before?.photo === wanted.photo ? before : wanted;
}

/** A photo's file as something an image can show. */
export function blobOf(photo: File | SourceFile): Blob {
  return photo instanceof Blob ? photo : new Blob([photo.bytes as Uint8Array<ArrayBuffer>]);
}
