const WORDS: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'your share of the disk is full; free some space',
  EROFS: 'the disk is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EFBIG: 'the disk takes no file of this size',
  EPIPE: 'its reader has gone',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file has the name of the folder',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'its name is too long for the disk',
  ENOENT: 'the folder is not there or is read-only',
};

/** Why the system refused to write, in words for people, what to do included where there is something; its own words where none are known. */
export function diskWords(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  return WORDS[code] ?? (code || (cause instanceof Error ? cause.message : String(cause)));
}
