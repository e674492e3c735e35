import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { halfWrittenName, removeDeadHalves } from '../../../src/cli/half-written-name.ts';

test('what killed runs left half-written goes, what living ones write stays', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-halves-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000);
  const write = (name: string, changed = new Date()) => {
    writeFileSync(join(folder, name), 'half');
    utimesSync(join(folder, name), changed, changed);
    return name;
  };
  const gone = [
    write(`.unflat-${hostname()}-${dead}-0.part`),
    write(`.unflat-${hostname()}-${dead}-17.part`),
    // Of an earlier process with this one's number: nothing has been written by this one.
    write(`.unflat-${hostname()}-${process.pid}-3.part`),
    // From before this computer was started: its process's number may be another's now.
    write(`.unflat-${hostname()}-${process.ppid}-0.part`, days(9000)),
    write('.unflat-other-computer-7-0.part', days(2)),
  ];
  const kept = [
    write(`.unflat-${hostname()}-${process.ppid}-1.part`),
    write(`.unflat-other-computer-${dead}-1.part`, days(0.5)),
    write('.unflat-notes.part', days(9)),
    write('photo.jpg.part', days(9)),
    write('photo.jpg', days(9)),
  ];
  removeDeadHalves(folder);
  const left = readdirSync(folder);
  assert.deepEqual(left.sort(), kept.sort());
  assert.ok(gone.every((name) => !left.includes(name)));
  removeDeadHalves(join(folder, 'not there'));
  assert.match(halfWrittenName(), new RegExp(`^\\.unflat-.+-${process.pid}-\\d+\\.part$`));
  assert.notEqual(halfWrittenName(), halfWrittenName());
});
