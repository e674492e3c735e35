import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';

/** A part of the file's name, which may have 255 bytes in all; host names have at most 253, nearly always below 64. */
const HOST = hostname()
  .replace(/[^\w.-]/g, '_')
  .slice(0, 200);
const NAME = /^\.unflat-(.+)-(\d+)-\d+\.part$/;
/** A folder may be shared by computers, and processes of others cannot be asked whether they live. */
const OTHER_HOST_MS = 24 * 3600 * 1000;

let count = 0;

/** Name for a file while it is being written; it says by whom, so that what a killed run left can be told from a living run's. */
export function halfWrittenName(): string {
  return `.unflat-${HOST}-${process.pid}-${count++}.part`;
}

/**
 * Removes what killed runs left half-written in a folder: files of dead processes of this computer, and those of other
 * computers that are older than a day. Comes before this process writes there itself.
 */
export function removeDeadHalves(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // not there yet, or not ours to read
  }
  for (const name of names) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host === undefined) continue;
    const path = join(folder, name);
    try {
      if (isDead(host, Number(pid), lstatSync(path).mtimeMs)) rmSync(path, { force: true });
    } catch {
      // another run was faster, or the folder is read-only: writing there will say so
    }
  }
}

function isDead(host: string, pid: number, changedAt: number): boolean {
  if (host !== HOST) return Date.now() - changedAt > OTHER_HOST_MS;
  // Numbers of processes begin anew with the computer, and this process's own was another's before.
  const startedAt = Date.now() - uptime() * 1000;
  return pid === process.pid || changedAt < startedAt - 60_000 || !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: it lives and is somebody else's
  }
}
