import { readFileSync, readdirSync } from 'node:fs';

/** Milliseconds a tick of /proc's times, on every Linux of today. */
const TICK_MS = 10;

/** Milliseconds of CPU that a process and all below it have used so far; Linux alone knows. */
export function cpuOfTree(pid: number): number {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // After the name, which may hold anything: state, parent, …, user and system time.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      ticks.set(Number(name), Number(fields[11]) + Number(fields[12]));
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      continue; // it has just ended
    }
  }
  const sum = (id: number): number => (ticks.get(id) ?? 0) + (children.get(id) ?? []).reduce((all, child) => all + sum(child), 0);
  return sum(pid) * TICK_MS;
}
