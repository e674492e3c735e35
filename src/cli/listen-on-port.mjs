// @ts-check
import { listen } from './static-server.mjs';
import { wantedPort } from './wanted-port.mjs';

/**
 * Starts a server on localhost, on the port that the variable PORT names, else on the first free one.
 * @param {Parameters<typeof listen>[0]} handler
 * @param {number} first port that is tried first
 * @param {string} command for messages: what a person runs with another PORT
 * @throws Error that says what is wrong with the port, and what to do.
 */
export async function listenOnPort(handler, first, command) {
  const wanted = wantedPort(first, command);
  const another = `PORT=${first} ${command}`;
  if (wanted !== undefined)
    return listen(handler, wanted).catch((/** @type {unknown} */ error) => {
      throw new Error(`Port ${wanted} cannot be used: ${reasonOf(error)}. Choose another one: ${another}`, { cause: error });
    });
  for (let port = first; port < first + 20; port++) {
    try {
      return await listen(handler, port);
    } catch {
      // taken: the next one
    }
  }
  return listen(handler).catch((/** @type {unknown} */ error) => {
    throw new Error(`No port can be used: ${reasonOf(error)}.`, { cause: error });
  });
}

/** @param {unknown} error */
function reasonOf(error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another program uses it';
  if (code === 'EACCES') return 'the system does not allow it';
  return String(code ?? error);
}
