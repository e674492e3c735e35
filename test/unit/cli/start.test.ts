/** `npm start` with ports that cannot be: one plain line, no stack trace. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../../src/cli/prepare.mjs';
import { listen } from '../../../src/cli/static-server.mjs';

/** Starts the app's server; ends it as soon as it says its address. */
function start(port: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/start.mjs')], {
    env: { ...process.env, PORT: port, UNFLAT_PREPARED: '1', BROWSER: 'none' },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    said.stdout += data.toString();
    child.kill('SIGTERM');
  });
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
  return new Promise((done, failed) => child.on('error', failed).on('close', (status) => done({ ...said, status })));
}

for (const port of ['70000', 'abc', '-1', '80.5', '1e3']) {
  test(`PORT=${port} is answered with one plain line`, async () => {
    const { status, stdout, stderr } = await start(port);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^PORT is "[^"]+", but a port is a whole number from 0 to 65535 .*\n$/);
    assert.ok(stderr.includes(JSON.stringify(port)));
  });
}

test('a port that another program uses is named', async () => {
  const other = await listen((_, response) => response.end());
  after(() => other.close());
  const { status, stderr } = await start(String(other.port));
  assert.equal(status, 1);
  assert.equal(stderr, `Port ${other.port} cannot be used: another program uses it. Choose another one: PORT=4173 npm start\n`);
});

test('PORT=0 and no PORT at all give a free one', async () => {
  for (const port of ['0', '']) {
    const { status, stdout } = await start(port);
    assert.equal(status, 0);
    assert.match(stdout, /^Unflat is at http:\/\/localhost:\d+\/ /);
  }
});
