/**
 * Reads what a server answered, as far as wanted.
 * @param mostBytes reading ends once there is more than that.
 */
export async function readBody(response: Response, mostBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    if ((length += piece.length) > mostBytes) break;
  }
  return Buffer.concat(pieces);
}
