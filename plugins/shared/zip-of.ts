import { zipSync, type Zippable } from 'fflate';

/** The end of a ZIP without a comment: the length of the comment, 0. */
const COMMENT_LENGTH = 2;

/**
 * Several files as one ZIP. Their bytes are stored as they are: pictures are compressed already. Its comment says that Unflat made it, so
 * that the command line may replace it.
 * @param files by name; the names are their order.
 */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Blob {
  const zippable: Zippable = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, [bytes, { level: 0 }]]));
  const zip = zipSync(zippable);
  const comment = new TextEncoder().encode('Made by Unflat');
  const tail = new Uint8Array(COMMENT_LENGTH + comment.length);
  tail[0] = comment.length;
  tail.set(comment, COMMENT_LENGTH);
  return new Blob([zip.subarray(0, -COMMENT_LENGTH), tail], { type: 'application/zip' });
}
