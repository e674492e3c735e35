import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import type { PhotoReport, RunReport } from '../../src/cli/run-report.ts';
import { commandLine, type CommandRun } from '../helpers/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

const unflat = (...args: string[]): Promise<CommandRun> => commandLine(folder, args, { UNFLAT_MODELS: at('no-models') });
const photosOf = ({ stdout }: CommandRun) => (JSON.parse(stdout) as { photos: PhotoReport[] }).photos;
const WIDTH = 160;
const HEIGHT = 120;

/** A red square before a striped wall, and its exact depth: the square has disparity 1, the wall 0.2. */
function writeScene(name: string): void {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const depth = new Uint16Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const square = x >= 60 && x < 100 && y >= 40 && y < 80;
      depth[y * WIDTH + x] = square ? 65535 : 13107;
      rgb.set(square ? [200, 30, 30] : [60, 90 + ((x >> 3) & 1) * 60, 150], (y * WIDTH + x) * 3);
    }
  }
  writeFileSync(at(`${name}.png`), encode({ width: WIDTH, height: HEIGHT, data: rgb, channels: 3, depth: 8 }));
  writeFileSync(at(`${name}_depth.png`), encode({ width: WIDTH, height: HEIGHT, data: depth, channels: 1, depth: 16 }));
}
writeScene('scene');

test('writes the depth map, the PLY and the videos of a photo, and reports them', async () => {
  const run = await unflat('scene.png', '--depth', 'scene_depth.png', '--polarity', 'near-white', '--out', 'all', '--json');
  assert.equal(run.status, 0, run.stderr);
  const [photo] = photosOf(run);
  assert.ok(photo?.ok);
  assert.deepEqual([photo.width, photo.height], [WIDTH, HEIGHT]);
  assert.ok(photo.layers >= 2 && photo.triangles > 0);
  assert.ok(photo.times.mesh > 0 && photo.times.render > 0 && photo.times.encode > 0);
  const names = readdirSync(at('all')).sort();
  assert.deepEqual(
    names.filter((name) => /\.(png|ply)$/.test(name)),
    ['scene.ply', 'scene_depth.png'],
  );
  const videos = names.filter((name) => /\.(mp4|webm)$/.test(name)).map((name) => name.replace(/\.\w+$/, ''));
  assert.deepEqual(videos, ['scene_circle', 'scene_dolly-zoom-in', 'scene_swing', 'scene_zoom-in']);
  assert.equal(names.length, 6, 'no half-written files stay behind');
  for (const { path, bytes } of photo.files) assert.equal(statSync(path).size, bytes);
  const depth = decode(readFileSync(at('all', 'scene_depth.png')));
  const camera = (...names: string[]): number =>
    Number(/camera at 0 0 (\S+) looks/.exec(readFileSync(at(...names)).toString('latin1', 0, 2000))?.[1]);
  const aside = camera('all', 'scene.ply');
  assert.ok(aside > 0, `${aside}: a model around the origin, seen from the photo’s camera`);
  assert.deepEqual([depth.width, depth.height, depth.depth], [WIDTH, HEIGHT, 16]);

  // What an earlier run wrote is written anew; near and far can be swapped.
  const again = await unflat(
    'scene.png',
    '--depth',
    'scene_depth.png',
    '--outputs',
    'depth,ply,circle',
    '--out',
    'all',
    '--polarity',
    'near-white',
    '--flip',
    '--relief',
    'full',
  );
  assert.equal(again.status, 0, again.stderr);
  assert.equal(camera('all', 'scene.ply'), 0);
  const flipped = decode(readFileSync(at('all', 'scene_depth.png')));
  const middle = (HEIGHT / 2) * WIDTH + WIDTH / 2;
  assert.ok((depth.data[middle] ?? 0) > 60_000 && (flipped.data[middle] ?? 1e9) < 5_000);
  assert.deepEqual(readdirSync(at('all')).sort(), names);
});

test('renders each camera at its own size, exact at the photo’s own place and moved elsewhere', async () => {
  const pose = (x: number) => [
    [1, 0, 0, x],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ];
  // near 1, far Infinity-like: the square is 1 away, the wall about 5.
  const lens = { width: WIDTH, height: HEIGHT, fx: 160, fy: 160, cx: 80, cy: 60, near: 1, far: 1e6 };
  const views = [
    { file: 'views/same.png', c2w: pose(0) },
    { file: 'views/right.png', c2w: pose(0.1) },
    { file: 'small.png', c2w: pose(0), width: 80, height: 60, fx: 80, fy: 80 },
  ];
  writeFileSync(at('cameras.json'), JSON.stringify({ ...lens, views }));
  const run = await unflat('scene.png', '--depth', 'scene_depth.png', '--cameras', 'cameras.json', '--outputs', 'none', '--out', 'exact');
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(readdirSync(at('exact', 'scene_views')).sort(), ['right.png', 'same.png', 'small.png']);
  const picture = (name: string) => decode(readFileSync(at('exact', 'scene_views', name)));
  const pixel = ({ data, width, channels }: ReturnType<typeof decode>, x: number, y: number) => [
    ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
  ];
  const near = (actual: number[], wanted: number[]) =>
    assert.ok(
      actual.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 8),
      `${actual} is not ${wanted}`,
    );
  const red = [200, 30, 30];
  const same = picture('same.png');
  const photo = decode(readFileSync(at('scene.png')));
  let worst = 0;
  for (let y = 4; y < HEIGHT - 4; y++)
    for (let x = 4; x < WIDTH - 4; x++) {
      // Silhouettes and stripes are antialiased: their own pixels may differ.
      const inside = [-2, 2].every(
        (d) => `${pixel(photo, x + d, y)}` === `${pixel(photo, x, y)}` && `${pixel(photo, x, y + d)}` === `${pixel(photo, x, y)}`,
      );
      if (inside) worst = Math.max(worst, ...pixel(same, x, y).map((value, i) => Math.abs(value - (pixel(photo, x, y)[i] ?? 0))));
    }
  assert.ok(worst <= 4, `differs by ${worst}`);
  // Moved 0.1 to the right, the square (1 away) goes 16 pixels to the left: 44 to 84.
  const right = picture('right.png');
  near(pixel(right, 50, 60), red);
  near(pixel(right, 80, 60), red);
  assert.ok((pixel(right, 90, 60)[0] ?? 255) < 120, 'what was hidden is painted as wall');
  const small = picture('small.png');
  assert.deepEqual([small.width, small.height], [80, 60]);
  near(pixel(small, 40, 30), red);
});

test('a bad photo prints one line that names it, and the others go on', async () => {
  writeFileSync(at('broken.jpg'), Buffer.from('ffd8ffe000104a4649460001', 'hex'));
  writeFileSync(at('text.png'), 'hello');
  const run = await unflat(
    'broken.jpg',
    'text.png',
    'missing.jpg',
    'scene.png',
    'scene_depth.png',
    '--outputs',
    'depth',
    '--out',
    'some',
    '--json',
    '--quiet',
  );
  assert.equal(run.status, 1);
  const photos = photosOf(run);
  assert.deepEqual(
    photos.map(({ ok }) => ok),
    [false, false, false, true],
  );
  assert.deepEqual(
    photos.map(({ code }) => code),
    ['unreadable-image', 'not-an-image', 'not-found', undefined],
  );
  const lines = run.stderr.trim().split('\n');
  assert.equal(lines.length, 3, run.stderr);
  for (const [index, name] of ['broken.jpg', 'text.png', 'missing.jpg'].entries()) assert.ok(lines[index]?.includes(name), lines[index]);
  assert.deepEqual(readdirSync(at('some')), ['scene_depth.png']);
});

test('a photo alone gets the depth that is built in, and the report names it', async () => {
  mkdirSync(at('alone'));
  copyFileSync(at('scene.png'), at('alone', 'scene.png'));
  const run = await unflat(at('alone', 'scene.png'), '--outputs', 'depth', '--json', '--models', at('no models'));
  assert.equal(run.status, 0, run.stderr);
  const [photo] = (JSON.parse(run.stdout) as { photos: { depthModel?: { label: string; provider: string } }[] }).photos;
  assert.deepEqual([photo?.depthModel?.label, photo?.depthModel?.provider], ['Built-in depth model', 'wasm']);
  assert.match(run.stderr, /scene\.png: note: its depth is “Built-in depth model”; better models are downloaded once/);
  assert.deepEqual(readdirSync(at('alone')), ['scene.png', 'scene_depth.png']);
});

test('never overwrites its own input', async () => {
  mkdirSync(at('own'));
  for (const name of ['scene.png', 'scene_depth.png']) copyFileSync(at(name), at('own', name));
  const before = readFileSync(at('own', 'scene_depth.png'));
  const run = await unflat(at('own', 'scene.png'), '--depth', at('own', 'scene_depth.png'), '--outputs', 'depth');
  assert.equal(run.status, 1);
  assert.match(run.stderr, /scene_depth\.png is one of the files you named/);
  assert.deepEqual(readFileSync(at('own', 'scene_depth.png')), before);
});

test('a map of one’s own is not replaced unasked; what an earlier run wrote is', async () => {
  mkdirSync(at('kept'));
  copyFileSync(at('scene.png'), at('kept', 'scene.png'));
  copyFileSync(at('scene_depth.png'), at('kept', 'scene_depth.png'));
  const mine = readFileSync(at('kept', 'scene_depth.png'));
  const photo = at('kept', 'scene.png');

  const refused = await unflat(photo, '--outputs', 'depth,ply');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /scene_depth\.png is there already and was not written by Unflat; .*--overwrite/);
  const named = await unflat(photo, at('kept', 'scene_depth.png'), '--depth', 'unflat-basic', '--outputs', 'depth');
  assert.equal(named.status, 1);
  assert.match(named.stderr, /one of the files you named/);
  assert.deepEqual(readFileSync(at('kept', 'scene_depth.png')), mine);
  assert.deepEqual(readdirSync(at('kept')).sort(), ['scene.png', 'scene_depth.png']);

  const asked = await unflat(photo, '--depth', 'scene_depth.png', '--outputs', 'depth', '--overwrite', '--json');
  assert.equal(asked.status, 0, asked.stderr);
  const first = readFileSync(at('kept', 'scene_depth.png'));
  assert.notDeepEqual(first, mine);
  // Nothing but the depth was made.
  const [report] = photosOf(asked);
  assert.deepEqual([report?.layers, report?.triangles, report?.times.grow, report?.times.inpaint], [0, 0, 0, 0]);

  // A second run over all PNGs neither takes its own map for an input nor minds it.
  const again = await unflat(photo, at('kept', 'scene_depth.png'), '--depth', 'scene_depth.png', '--outputs', 'depth', '--json');
  assert.equal(again.status, 0, again.stderr);
  assert.equal(photosOf(again).length, 1);
  assert.match(again.stderr, /scene_depth\.png: note: was written by an earlier run/);
  assert.deepEqual(readFileSync(at('kept', 'scene_depth.png')), first);
});

test('ids that do not exist are answered with those that do, before any work', async () => {
  const depth = await unflat('scene.png', '--depth', 'nothing.png');
  assert.equal(depth.status, 2);
  assert.match(
    depth.stderr,
    /nothing\.png is neither a file nor a model nor a depth source; models here: unflat-basic .*; depth sources: depth-map/,
  );
});

test('a photo from stdin, its depth map to stdout, and nothing else there', async () => {
  const run = await commandLine(
    folder,
    ['-', '--depth', 'scene_depth.png', '--polarity', 'near-white', '--outputs', 'depth', '--out', '-'],
    {},
    { stdin: readFileSync(at('scene.png')) },
  );
  assert.equal(run.status, 0, run.stderr);
  const { width, height, data, depth } = decode(run.bytes);
  assert.deepEqual([width, height, depth], [WIDTH, HEIGHT, 16]);
  assert.ok((data[(HEIGHT / 2) * WIDTH + WIDTH / 2] ?? 0) > 60_000 && (data[0] ?? 1e9) < 20_000);
  const nothing = await commandLine(folder, ['-', '--json']);
  assert.equal(nothing.status, 1);
  assert.deepEqual(
    photosOf(nothing).map(({ input, code }) => [input, code]),
    [['-', 'empty-file']],
  );
});

test('a folder is converted photo by photo, with a line for each stage where there is no terminal', async () => {
  mkdirSync(at('album'));
  for (const name of ['one', 'two']) for (const file of ['.png', '_depth.png']) copyFileSync(at(`scene${file}`), at('album', name + file));
  const run = await unflat('album', '--outputs', 'photo3d', '--json');
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(
    photosOf(run).map(({ input, files }) => [input, files.map(({ path }) => path)]),
    ['one', 'two'].map((name) => [join('album', `${name}.png`), [at('album', `${name}.glb`)]]),
  );
  const lines = run.stderr
    .trim()
    .split('\n')
    .filter((line) => !line.includes(': note: '));
  for (const [index, name] of ['one', 'two'].entries()) {
    const stages = lines
      .filter((line) => line.startsWith(`${index + 1}/2 ${join('album', name)}.png: `))
      .map((line) => /: (\w+)/.exec(line)?.[1]);
    assert.deepEqual(
      stages,
      ['decode', 'depth', 'sharpen', 'tear', 'grow', 'mesh', 'inpaint', 'encode', 'done'].filter((stage) => stages.includes(stage)),
      run.stderr,
    );
    for (const stage of ['decode', 'grow', 'inpaint', 'encode', 'done']) assert.ok(stages.includes(stage), `${stage}: ${run.stderr}`);
  }
  // A second time: its own files are written anew.
  const again = await unflat('album', '--outputs', 'glb');
  assert.equal(again.status, 0, again.stderr);
});

test('two photos at once give the same files as one after the other, in the order of the command line', async () => {
  const names = ['first', 'second', 'third'];
  for (const name of names) writeScene(name);
  const files = names.map((name) => `${name}.png`);
  const run = (out: string, ...more: string[]) =>
    unflat(...files, ...names.map((name) => `${name}_depth.png`), '--outputs', 'depth,ply', '--out', out, '--json', ...more);
  const [two, one] = [await run('at-once', '--jobs', '2'), await run('in-turn')];
  for (const each of [two, one]) {
    assert.equal(each.status, 0, each.stderr);
    assert.deepEqual(
      photosOf(each).map(({ input, ok }) => [input, ok]),
      files.map((file) => [file, true]),
    );
  }
  for (const name of readdirSync(at('in-turn')))
    assert.deepEqual(readFileSync(at('at-once', name)), readFileSync(at('in-turn', name)), name);
  const wrong = await unflat('first.png', '--jobs', '0');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--jobs must be a whole number from 1 to 8, got 0/);
});

test('--json reports what ends a run, too', async () => {
  for (const [args, code, message] of [
    [
      ['scene.png', '--outputs', 'ply,hologramm,plyy'],
      'usage',
      /hologramm,plyy does not exist; there is .*depth.*ply.* Did you mean ply\?/,
    ],
    [['scene.png', '--colour'], 'usage', /no option --colour/],
    [['models', 'remove', 'nope'], 'no-model', /no model “nope”/],
  ] as const) {
    const run = await unflat(...args, '--json');
    const report = JSON.parse(run.stdout) as RunReport;
    assert.deepEqual([report.schemaVersion, report.ok, report.code], [1, false, code]);
    assert.match(report.error ?? '', message);
    assert.equal(run.stderr, `${report.error}\n`);
  }
  const run = await commandLine(folder, ['scene.png', '--json'], { CHROME_PATH: process.execPath });
  assert.equal((JSON.parse(run.stdout) as RunReport).code, 'no-browser', run.stdout);
  assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
});

test('a camera file for another picture is refused', async () => {
  writeFileSync(at('square.json'), JSON.stringify({ width: 100, height: 100, fx: 100, near: 1, far: 9, views: [] }));
  const run = await unflat('scene.png', '--depth', 'scene_depth.png', '--cameras', 'square.json', '--outputs', 'depth', '--out', 'wrong');
  assert.equal(run.status, 1);
  assert.match(run.stderr, /160 × 120 pixels, but the camera file is for 100 × 100/);
  assert.ok(!existsSync(at('wrong')));
});
