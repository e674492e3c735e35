// @ts-check
/**
 * The port that the variable PORT names; undefined where it names none.
 * @param {number} example for messages: a port that can be
 * @param {string} command for messages: what a person runs with another PORT
 * @throws Error that says what a port is.
 */
export function wantedPort(example, command) {
  const text = process.env['PORT'];
  if (!text) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new Error(
    `PORT is ${JSON.stringify(text)}, but a port is a whole number from 0 to 65535 (0 = any free one): PORT=${example} ${command}`,
  );
}
