import { readFileSync, readdirSync } from 'node:fs';

/** MiB of memory that a process and all below it hold, what they share counted once; Linux alone knows. */
export function memoryOfTree(pid: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      continue; // it has just ended
    }
  }
  const sum = (id: number): number => shareOf(id) + (children.get(id) ?? []).reduce((all, child) => all + sum(child), 0);
  return sum(pid) / 1024;
}

/** Kilobytes of a process, its proportional share of what several hold. */
function shareOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
