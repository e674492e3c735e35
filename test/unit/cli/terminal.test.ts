import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../../src/cli/printable.ts';
import { failedReport } from '../../../src/cli/run-report.ts';
import { Terminal } from '../../../src/cli/terminal.ts';
import { fitted } from '../../../src/cli/fitted.ts';

test('a line of progress stays on one row, whatever the file’s name, and keeps its end', () => {
  assert.equal(fitted('a.jpg: grow 50 %', 79), 'a.jpg: grow 50 %');
  assert.equal(fitted('holidays/beach.jpg: grow 50 %', 20), '…each.jpg: grow 50 %');
  // Two columns each.
  assert.equal(fitted('漢字漢字.png: depth 1 %', 20), '…漢字.png: depth 1 %');
  assert.equal(fitted('漢字漢字.png: depth 1 %', 19), '…字.png: depth 1 %');
  // An accent of its own takes none.
  assert.equal(fitted('u\u0308.png: mesh 9 %', 15), 'u\u0308.png: mesh 9 %');
  assert.equal(fitted('\u{1f600}.png: mesh 9 %', 15), '….png: mesh 9 %');
});

test('a file is one line, whatever its name holds, on stdout, in errors and for terminals', (context) => {
  const said: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    context.mock.method(stream, 'write', (text: string, ...rest: []) =>
      text.includes('beach') ? said.push(text) > 0 : write(text, ...rest),
    );
  }
  const terminal = new Terminal({ json: false, quiet: false });
  terminal.wrote({ path: 'a\nbeach\x1b[31m_depth.png', bytes: 2e6 });
  terminal.wrote({ path: 'beach_small.png', bytes: 321 });
  terminal.finish(failedReport('a\nbeach.jpg', 'io', 'a\nbeach.jpg: could not be\nread.'));
  context.mock.restoreAll();
  assert.deepEqual(said, ['a\\nbeach\\x1b[31m_depth.png  2.0 MB\n', 'beach_small.png  321 bytes\n', 'a\\nbeach.jpg: could not be read.\n']);
  assert.equal(printable('C:\\new\u202egpj.\x7f\t漢字 ü.png'), 'C:\\new\\u202egpj.\\x7f\\t漢字 ü.png');
});
