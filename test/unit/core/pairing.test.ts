import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { chooseFiles } from '../../../src/app/files/choose-files.ts';
import { parseCommandLine, type CliOptions } from '../../../src/cli/parse-command-line.ts';
import { planPhotos } from '../../../src/cli/plan-photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-pairing-'));
after(() => rmSync(folder, { recursive: true }));

/** Files that a person names together; each photo with its map; what belongs to no photo. */
const TOGETHER: [string[], Record<string, string | undefined>, string[]?][] = [
  [['x.jpg', 'x-depth.png'], { 'x.jpg': 'x-depth.png' }],
  [['x_depth.png', 'x.jpg'], { 'x.jpg': 'x_depth.png' }],
  [['x.jpg', 'depth_x.png'], { 'x.jpg': 'depth_x.png' }],
  [['x.jpg', 'x.npy'], { 'x.jpg': 'x.npy' }],
  [['X.JPG', 'x_disparity16.png'], { 'X.JPG': 'x_disparity16.png' }],
  [['x.jpg', 'x.jpg_depth.png'], { 'x.jpg': 'x.jpg_depth.png' }],
  [['x.heic', 'x.exr'], { 'x.heic': 'x.exr' }],
  [['x.jpg', 'x.tif'], { 'x.jpg': 'x.tif' }],
  [['x.jpg', 'depth.png'], { 'x.jpg': 'depth.png' }],
  [['x.jpg', 'out_0001.npy'], { 'x.jpg': 'out_0001.npy' }],
  [['x.jpg', 'export_depth.png'], { 'x.jpg': 'export_depth.png' }],
  [['depth_charge.jpg', 'depth_charge_depth.png'], { 'depth_charge.jpg': 'depth_charge_depth.png' }],
  [['x.jpg', 'x_depth.png', 'x.npy'], { 'x.jpg': 'x_depth.png' }, ['x.npy']],
  [['a.jpg', 'b.jpg', 'b_depth.png'], { 'a.jpg': undefined, 'b.jpg': 'b_depth.png' }],
  [['a.jpg', 'b.jpg', 'depth.png'], { 'a.jpg': undefined, 'b.jpg': undefined }, ['depth.png']],
  [['a.jpg', 'b.jpg', 'export_depth.png'], { 'a.jpg': undefined, 'b.jpg': undefined }, ['export_depth.png']],
  [['b.jpg', 'a.jpg', 'a_depth.png', 'b-disparity.png'], { 'b.jpg': 'b-disparity.png', 'a.jpg': 'a_depth.png' }],
  [['ocean-depth.jpg'], { 'ocean-depth.jpg': undefined }],
];

function parsed(...argv: string[]): CliOptions {
  const options = parseCommandLine(argv);
  assert.ok(typeof options === 'object' && 'photos' in options);
  return options;
}

for (const [names, photos, strays = []] of TOGETHER) {
  test(`${names.join(', ')}: the app and the command line pair them alike`, async () => {
    const chosen = await chooseFiles(names.map((name) => new File([new Uint8Array(4)], name)));
    const all = [chosen, ...(chosen.others ?? [])];
    assert.deepEqual(Object.fromEntries(all.map(({ photo, map }) => [photo.name, map?.name])), photos, 'the app');
    assert.deepEqual(
      (chosen.leftOut ?? []).map(({ name }) => name),
      strays,
    );

    const at = join(folder, names.join('+'));
    mkdirSync(at);
    for (const name of names) writeFileSync(join(at, name), 'bytes');
    const plan = planPhotos(parsed(...names.map((name) => join(at, name))), false);
    assert.deepEqual(
      Object.fromEntries(plan.photos.map(({ input, map }) => [basename(input), map && basename(map)])),
      photos,
      'the command line',
    );
    assert.deepEqual(
      plan.leftOut.map((path) => basename(path)),
      strays,
    );
  });
}

test('in a folder nobody chose two files for each other: a map of another name is left out, and said', () => {
  const at = join(folder, 'given as a folder');
  mkdirSync(at);
  for (const name of ['x.jpg', 'export_depth.png']) writeFileSync(join(at, name), 'bytes');
  const { photos, leftOut, notes } = planPhotos(parsed(at), false);
  assert.deepEqual(
    photos.map(({ input, map }) => [basename(input), map]),
    [['x.jpg', undefined]],
  );
  assert.deepEqual(
    leftOut.map((path) => basename(path)),
    ['export_depth.png'],
  );
  assert.ok(notes.some(({ input, text }) => input.endsWith('export_depth.png') && /left out/.test(text)));
});

test('a map that was taken by the person’s choice and not by its name is said', () => {
  const at = join(folder, 'a pair');
  mkdirSync(at);
  for (const name of ['x.jpg', 'export_depth.png']) writeFileSync(join(at, name), 'bytes');
  const { notes } = planPhotos(parsed(join(at, 'x.jpg'), join(at, 'export_depth.png')), false);
  assert.deepEqual(
    notes.map(({ text }) => text),
    ['was taken as the depth map of x.jpg, the only photo; if it is not, leave it out'],
  );
});
