/** Models that inpaint hidden parts, through the whole product: the command line, its browser, onnxruntime. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { root } from '../../src/cli/prepare.mjs';
import type { PhotoReport } from '../../src/cli/run-report.ts';
import { lamaLike, miganLike } from '../fixtures/inpaint-models.ts';
import { nanModel, rowOf, type TestModel } from '../fixtures/depth-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-fill-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

function unflat(args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/unflat.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, UNFLAT_PREPARED: '1', UNFLAT_MODELS: at('none') },
  });
  const run = { status: null as number | null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (run.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (run.stderr += data.toString()));
  return new Promise((done, failed) => child.on('error', failed).on('close', (status) => done({ ...run, status })));
}
const photoOf = ({ stdout, stderr }: { stdout: string; stderr: string }): PhotoReport => {
  assert.notEqual(stdout, '', stderr);
  return (JSON.parse(stdout) as { photos: PhotoReport[] }).photos[0]!;
};

function writeModel(models: string, id: string, testModel: TestModel, quality: 1 | 3 = 3): void {
  mkdirSync(at(models, id), { recursive: true });
  for (const { path, bytes } of testModel.files) writeFileSync(at(models, id, path), bytes);
  writeFileSync(
    at(models, id, 'model.json'),
    JSON.stringify(rowOf(id, testModel, { kind: 'inpaint', plugin: 'inpaint-onnx', quality }), undefined, 1),
  );
}

const WIDTH = 320;
const HEIGHT = 240;
const pixels = (value: (x: number, y: number) => readonly number[]): Uint8Array =>
  Uint8Array.from(Array.from({ length: WIDTH * HEIGHT }, (_, i) => value(i % WIDTH, Math.floor(i / WIDTH))).flat());
const isBox = (x: number, y: number): boolean => x > 120 && x < 200 && y > 60;
// Green and blue alone, so that all that is red was painted.
writeFileSync(
  at('photo.png'),
  encode({
    width: WIDTH,
    height: HEIGHT,
    data: pixels((x, y) => (isBox(x, y) ? [0, 200, 40] : [0, (x * 3) % 200, y])),
    channels: 3,
    depth: 8,
  }),
);
writeFileSync(
  at('map.png'),
  encode({ width: WIDTH, height: HEIGHT, data: pixels((x, y) => [isBox(x, y) ? 230 : 60]), channels: 1, depth: 8 }),
);

/** Points of a PLY file by colour: pure red ones, and all. */
function pointsOf(path: string): { red: number; all: number } {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('end_header\n') + 'end_header\n'.length;
  const header = bytes.subarray(0, end).toString('latin1');
  const all = Number(/element vertex (\d+)/.exec(header)?.[1]);
  const properties = [...header.split('element face')[0]!.matchAll(/property (\w+) (\w+)/g)].map(([, type, name]) => ({
    name,
    bytes: type === 'uchar' ? 1 : type === 'double' ? 8 : 4,
  }));
  const stride = properties.reduce((sum, each) => sum + each.bytes, 0);
  const red = properties
    .slice(
      0,
      properties.findIndex(({ name }) => name === 'red'),
    )
    .reduce((sum, each) => sum + each.bytes, 0);
  let count = 0;
  for (let i = 0; i < all; i++) {
    const o = end + i * stride + red;
    if (bytes[o] === 255 && bytes[o + 1] === 0 && bytes[o + 2] === 0) count++;
  }
  return { red: count, all };
}

const convert = (name: string, ...more: string[]) =>
  unflat(['photo.png', '--depth', 'map.png', '--outputs', 'ply', '--out', name, '--json', ...more]);

test('a model in the models folder inpaints by itself, and --json says what it cost', async () => {
  writeModel('models', 'paint-red', miganLike('red', { px: 256 }));
  writeModel('models', 'leave-it', lamaLike('picture', { px: 256 }), 1);
  const photo = photoOf(await convert('auto', '--models', 'models'));
  assert.ok(photo.ok, photo.error);
  assert.equal(photo.plugins.inpaint, 'inpaint-onnx');
  const { inpaint: inpainted } = photo;
  assert.deepEqual(
    [inpainted?.plugin, inpainted?.label, inpainted?.model?.id, inpainted?.model?.provider],
    ['inpaint-onnx', 'paint-red', 'paint-red', 'wasm'],
  );
  assert.ok(inpainted!.runs >= 1 && inpainted!.runs <= 8, `${inpainted!.runs} runs`);
  assert.ok(
    inpainted!.model!.runMs > 0 &&
      inpainted!.model!.sessionMs > 0 &&
      inpainted!.model!.threads >= 1 &&
      inpainted!.baseMs! > 0 &&
      inpainted!.hostMs >= 0,
    JSON.stringify(inpainted),
  );
  const { red, all } = pointsOf(at('auto', 'photo.ply'));
  assert.ok(red > 1000 && red < all / 2, `${red} of ${all} points are red`);
});

test('the one that is named inpaints, and without a model none does', async () => {
  const named = photoOf(await convert('named', '--models', 'models', '--inpaint', 'leave-it'));
  assert.deepEqual([named.inpaint?.model?.id, named.warnings], ['leave-it', []], named.error);
  assert.equal(pointsOf(at('named', 'photo.ply')).red, 0);
  const classic = photoOf(await convert('classic', '--models', 'models', '--inpaint', 'inpaint-classic'));
  assert.deepEqual(
    [classic.plugins.inpaint, classic.inpaint?.runs, classic.inpaint?.model],
    ['inpaint-classic', 0, undefined],
    classic.error,
  );
  const none = photoOf(await convert('none', '--models', 'nowhere'));
  assert.deepEqual([none.plugins.inpaint, none.inpaint?.plugin], ['inpaint-classic', 'inpaint-classic'], none.error);
});

test('a model that cannot inpaint leaves what was filled in without one, and the photo is made', async () => {
  const useless = nanModel();
  const like = miganLike('red', { px: 256 });
  writeModel('bad', 'broken', { ...like, files: useless.files });
  const photo = photoOf(await convert('bad-out', '--models', 'bad'));
  assert.ok(photo.ok, photo.error);
  assert.equal(photo.inpaint?.isPartial, true);
  assert.match(
    photo.warnings.join(),
    /“broken” does not fit its description: .*The hidden parts are filled in by “Classic \(no model\)” instead\./,
  );
});
