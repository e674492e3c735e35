/** Runs that do not come to their end by themselves: a browser that dies, signals, kill -9, a reader that goes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once as eventOf } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { root } from '../../src/cli/prepare.mjs';
import { findChromium } from '../../src/cli/chromium.mjs';
import type { RunReport } from '../../src/cli/run-report.ts';
import { commandLine, type CommandOptions } from '../helpers/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-stop-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);
const notHere = { skip: process.platform === 'win32' && 'there are no such signals on Windows' };

// What is stopped in the middle is large enough to be in the middle when the signal comes.
for (const [name, size] of [
  ['a', 64],
  ['b', 900],
  ['c', 64],
] as const) {
  const rgb = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7) % 251);
  const depth = Uint8Array.from({ length: size * size }, (_, i) => (i % 64 > 20 && i % 64 < 40 ? 255 : 60));
  writeFileSync(at(`${name}.png`), encode({ width: size, height: size, data: rgb, channels: 3, depth: 8 }));
  writeFileSync(at(`${name}_depth.png`), encode({ width: size, height: size, data: depth, channels: 1, depth: 8 }));
}
const ALL = ['a', 'b', 'c'].flatMap((name) => [`${name}.png`, `${name}_depth.png`]);

/** A program that becomes the browser, and writes its process's number down. */
writeFileSync(at('browser'), `#!/bin/sh\necho $$ >> '${at('pids')}'\nexec '${await findChromium()}' "$@"\n`);
chmodSync(at('browser'), 0o755);
const browsers = (): number[] => readFileSync(at('pids'), 'utf8').trim().split('\n').map(Number);

const unflat = (args: string[], options: CommandOptions) =>
  commandLine(folder, args, { CHROME_PATH: at('browser'), UNFLAT_MODELS: at('none') }, options);
const once = (when: RegExp, act: Required<CommandOptions>['onStderr']): CommandOptions => {
  let done = false;
  return {
    onStderr(stderr, child) {
      if (done || !when.test(stderr)) return;
      done = true;
      act(stderr, child);
    },
  };
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a browser that dies is started again, and no photo is lost', notHere, async () => {
  const run = await unflat(
    [...ALL, '--outputs', 'ply', '--out', 'died', '--json'],
    once(/2\/3 b\.png: grow/, () => process.kill(browsers().at(-1)!, 'SIGKILL')),
  );
  assert.equal(run.status, 0, run.stderr);
  const report = JSON.parse(run.stdout) as RunReport;
  assert.deepEqual(
    report.photos.map(({ input, ok, files }) => [input, ok, files.length]),
    ['a', 'b', 'c'].map((name) => [`${name}.png`, true, 1]),
  );
  assert.match(report.photos[1]?.notes.join() ?? '', /the browser ended .*restarted/);
  assert.deepEqual(readdirSync(at('died')).sort(), ['a.ply', 'b.ply', 'c.ply']);
  assert.equal(browsers().length, 2);
});

test('a browser that does not end when it is closed keeps nobody waiting, and is ended', notHere, async () => {
  const stays = at('stays');
  writeFileSync(stays, `#!/bin/sh\necho $$ >> '${at('stay-pids')}'\n'${await findChromium()}' "$@"\nexec sleep 600\n`);
  chmodSync(stays, 0o755);
  const run = await commandLine(folder, ['a.png', 'a_depth.png', '--outputs', 'ply', '--out', 'stays-out'], {
    CHROME_PATH: stays,
    UNFLAT_MODELS: at('none'),
  });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(readdirSync(at('stays-out')), ['a.ply']);
  const pid = Number(readFileSync(at('stay-pids'), 'utf8').trim());
  // Its number is free once the system has buried it.
  for (let tries = 0; isAlive(pid) && tries < 100; tries++) await delay(100);
  assert.equal(isAlive(pid), false);
});

test('a browser that does not answer when it is started does not hold a signal up', notHere, async () => {
  const hangs = at('hangs');
  writeFileSync(hangs, `#!/bin/sh\necho $$ > '${at('hang-pid')}'\nexec sleep 600\n`);
  chmodSync(hangs, 0o755);
  const child = spawn(
    process.execPath,
    [join(root, 'src/cli/unflat.mjs'), 'a.png', 'a_depth.png', '--outputs', 'ply', '--out', 'hangs-out'],
    {
      cwd: folder,
      env: { ...process.env, CHROME_PATH: hangs, UNFLAT_MODELS: at('none') },
      stdio: 'ignore',
    },
  );
  const ended = eventOf(child, 'exit') as Promise<[number | null]>;
  for (let tries = 0; !existsSync(at('hang-pid')) && tries < 600; tries++) await delay(100);
  child.kill('SIGTERM');
  // Without a word to Playwright it would be minutes.
  const [status] = await Promise.race([ended, delay(60_000, [undefined] as const, { ref: false })]);
  child.kill('SIGKILL');
  assert.equal(status, 143);
  assert.deepEqual(existsSync(at('hangs-out')) ? readdirSync(at('hangs-out')) : [], []);
  const pid = Number(readFileSync(at('hang-pid'), 'utf8').trim());
  for (let tries = 0; isAlive(pid) && tries < 100; tries++) await delay(100);
  assert.equal(isAlive(pid), false, 'the browser is ended');
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal}: the report says what is done and what is not, and nothing half-written or running stays`, notHere, async () => {
    const out = `stopped-${status}`;
    const run = await unflat(
      [...ALL, '--outputs', 'ply', '--out', out, '--json'],
      once(/2\/3 b\.png: decode/, (_, child) => {
        // As from npx and timeout, which pass on what the terminal sends to all.
        child.kill(signal);
        setTimeout(() => child.kill(signal), 100);
      }),
    );
    assert.equal(run.status, status, run.stderr);
    const report = JSON.parse(run.stdout) as RunReport;
    assert.deepEqual([report.ok, report.code], [false, 'stopped']);
    assert.match(report.error ?? '', new RegExp(`Stopped \\(${signal}\\): 1 of 3 photos`));
    assert.deepEqual(
      report.photos.map(({ input, ok, code }) => [input, ok, code]),
      [
        ['a.png', true, undefined],
        ['b.png', false, 'stopped'],
        ['c.png', false, 'stopped'],
      ],
    );
    assert.deepEqual(readdirSync(at(out)), ['a.ply']);
    assert.ok(!browsers().some(isAlive), 'no browser is left behind');
  });
}

test('what a killed run left half-written is removed by the next one', notHere, async () => {
  mkdirSync(at('killed'));
  const killed = await unflat(
    ['a.png', 'a_depth.png', '--outputs', 'ply,circle', '--out', 'killed'],
    once(/a\.png: grow/, (_, child) => child.kill('SIGKILL')),
  );
  assert.equal(killed.status, null);
  // A file is half-written for a moment only: here is one of that process's.
  copyFileSync(at('a.png'), at('killed', `.unflat-${hostname()}-${killed.pid}-0.part`));
  const run = await unflat(['a.png', 'a_depth.png', '--outputs', 'depth', '--out', 'killed', '--quiet'], {});
  assert.deepEqual([run.status, run.stderr], [0, '']);
  assert.deepEqual(readdirSync(at('killed')), ['a_depth.png']);
});
