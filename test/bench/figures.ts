import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';

const figures: string[] = [];

/** Keeps a figure for the row that is printed when its part of the bench is done. @param text with its unit: `scaling 1.04 times`. */
export function figure(text: string): void {
  figures.push(text);
}

/** Prints what a part of the bench gave as a row for `test/bench/FIGURES.md`, where it gave anything. */
export function printRow(part: string): void {
  const given = figures.splice(0);
  if (given.length === 0) return;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`\nRow for test/bench/FIGURES.md:\n| ${[version, date, machine, 'quiet?', part, given.join('; ')].join(' | ')} |`);
}
