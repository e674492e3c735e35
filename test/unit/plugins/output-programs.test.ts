/** Our files opened by other programs, where they are installed: exiftool, ImageMagick, and Python with Pillow and NumPy. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import depth from '../../../plugins/output-depth/index.ts';
import layers from '../../../plugins/output-layers/index.ts';
import lightField from '../../../plugins/output-light-field/index.ts';
import loop from '../../../plugins/output-loop/index.ts';
import photoDepth from '../../../plugins/output-photo-depth/index.ts';
import stereo from '../../../plugins/output-stereo/index.ts';
import type { Scene } from '../../../src/core/index.ts';
import type { OptionValues, Output } from '../../../src/plugin-api/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { BOX, SKY, syntheticScene } from '../../fixtures/scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-programs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const WIDTH = 96;
const HEIGHT = 72;
const scene = (): Scene => ({ ...syntheticScene({ width: WIDTH, height: HEIGHT, margin: 24 }), eyebox: { x: 0.05, y: 0.05, z: 0.1 } });

async function save(output: Output, product: string, options: OptionValues = {}): Promise<string> {
  const { file } = await writeWithFrames(output, product, scene(), options);
  const path = join(folder, `photo${file.suffix}`);
  writeFileSync(path, await bytesOf(file));
  return path;
}

function run(program: string, ...args: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { timeout: 60_000, maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${program}: ${String(stderr)}`);
  return stdout;
}

const lacks = (program: string, ...args: string[]): string | false =>
  spawnSync(program, args).status === 0 ? false : `${[program, ...args].join(' ')} does not run`;
const noExiftool = lacks('exiftool', '-ver');
const noPillow = lacks('python3', '-c', 'import PIL.Image, PIL.ImageSequence, numpy');
/** Version 6 calls it `convert`, and so are other programs called. */
const magick = ['magick', 'convert'].find((program) =>
  String(spawnSync(program, ['-version']).stdout ?? '').startsWith('Version: ImageMagick'),
);
const noMagick = magick === undefined && 'ImageMagick is not installed';

/** What a Python program prints as JSON. @param path `sys.argv[1]`. */
function python<T>(program: string, path: string): T {
  return JSON.parse(
    String(run('python3', '-c', `import sys, json\nfrom PIL import Image, ImageSequence\nimport numpy as np\n${program}`, path)),
  ) as T;
}

/** What exiftool finds, by its names. */
const tagsOf = (path: string): Record<string, unknown> =>
  (JSON.parse(String(run('exiftool', '-j', '-struct', '-n', path))) as Record<string, unknown>[])[0]!;

test('exiftool finds the depth in photos with GDepth, and it is a picture', { skip: noExiftool }, async () => {
  const path = await save(photoDepth, 'gdepth', { nearM: 1, depthM: 9 });
  const tags = tagsOf(path);
  assert.deepEqual([tags['Warning'], tags['Error']], [undefined, undefined]);
  assert.deepEqual([tags['Format'], tags['Mime'] ?? tags['DepthMapMime'], tags['Near'], tags['Far']].map(String), [
    'RangeInverse',
    'image/png',
    '1',
    '10',
  ]);
  const map = decode(run('exiftool', '-b', '-DepthImage', path));
  assert.deepEqual([map.width, map.height], [WIDTH, HEIGHT]);
});

test('exiftool finds the depth in photos with Dynamic Depth', { skip: noExiftool }, async () => {
  const tags = tagsOf(await save(photoDepth, 'dynamic-depth', { nearM: 1, depthM: 9 }));
  assert.equal(tags['Error'], undefined);
  assert.match(JSON.stringify(tags), /RangeInverse/);
  assert.match(JSON.stringify(tags), /"DataURI":"android\/depthmap"/);
});

test('exiftool finds both pictures of an MPO, the left one first', { skip: noExiftool }, async () => {
  const path = await save(stereo, 'mpo');
  const tags = tagsOf(path);
  assert.deepEqual([tags['Warning'], tags['Error'], tags['NumberOfImages']], [undefined, undefined, 2]);
  // Multi-frame image, disparity.
  assert.equal(tags['MPImageType'], 0x020002);
  const second = run('exiftool', '-b', '-MPImage2', path);
  assert.deepEqual([...second.subarray(0, 2), ...second.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
});

test('Pillow sees two pictures in an MPO, the nearer things further right in the first', { skip: noPillow }, async () => {
  const path = await save(stereo, 'mpo', { comfortable: false, depth: 8, crop: false, window: false, convergence: 50 });
  const found = python<{ format: string; frames: number; size: number[]; edges: number[] }>(
    `
i = Image.open(sys.argv[1])
edges = []
for f in ImageSequence.Iterator(i):
    a = np.asarray(f.convert('RGB')).astype(int)
    row = a[a.shape[0] // 2]
    edges.append(int(np.argmax((row[:, 0] > 180) & (row[:, 1] < 140))))
print(json.dumps(dict(format=i.format, frames=i.n_frames, size=i.size, edges=edges)))`,
    path,
  );
  assert.deepEqual([found.format, found.frames, found.size], ['MPO', 2, [WIDTH, HEIGHT]]);
  const [left, right] = found.edges;
  assert.ok(left! > right! && right! > 0, found.edges.join());
});

test('NumPy and Pillow read NPY, PFM and TIFF as the same numbers', { skip: noPillow }, async () => {
  const values = scene().depth.disparity;
  const expected = [values[0]!, values[(HEIGHT / 2) * WIDTH + WIDTH / 2]!, values.at(-1)!];
  for (const [product, read] of [
    ['depth-npy', 'np.load(sys.argv[1])'],
    ['depth-npy', "np.load(sys.argv[1], mmap_mode='r')"],
    ['depth-pfm', 'np.asarray(Image.open(sys.argv[1]))'],
    ['depth-tiff', 'np.asarray(Image.open(sys.argv[1]))'],
  ] as const) {
    const path = await save(depth, product);
    const found = python<{ type: string; shape: number[]; values: number[] }>(
      `a = ${read}\nprint(json.dumps(dict(type=str(a.dtype), shape=a.shape, values=[float(a[0, 0]), float(a[${HEIGHT / 2}, ${WIDTH / 2}]), float(a[-1, -1])])))`,
      path,
    );
    assert.deepEqual(found, { type: 'float32', shape: [HEIGHT, WIDTH], values: expected }, read);
  }
  assert.ok(expected[1] === Math.fround(BOX) && expected[0] === SKY);
});

test('ImageMagick reads each layer of a PSD as it is in the scene, to the bit', { skip: noMagick }, async () => {
  const path = await save(layers, 'psd');
  const lines = String(run(magick!, path, '-format', '%wx%h %l\n', 'info:'))
    .trim()
    .split('\n');
  const wide = WIDTH + 48;
  assert.equal(lines[0]!.trim(), `${wide}x${HEIGHT + 48}`);
  const { layers: wanted } = scene();
  for (const [name, layer] of [
    ['Photo', wanted[0]!],
    ['Behind 1', wanted[1]!],
  ] as const) {
    const index = lines.indexOf(`${wide}x${HEIGHT + 48} ${name}`);
    assert.ok(index > 0, lines.join('; '));
    const pixels = run(magick!, `${path}[${index}]`, '-depth', '8', 'rgba:-');
    assert.equal(pixels.length, layer.rgba.length);
    let [covered, worst] = [0, 0];
    layer.rgba.forEach((value, i) => {
      if (layer.rgba[i - (i % 4) + 3] === 0) return assert.equal(pixels[i - (i % 4) + 3], 0);
      covered++;
      worst = Math.max(worst, Math.abs(pixels[i]! - value));
    });
    assert.ok(covered > 1000);
    assert.equal(worst, 0, name);
  }
});

test('Pillow plays a GIF and an animated PNG, and cuts a quilt into its views', { skip: noPillow }, async () => {
  const FEW = { frames: 12, fps: 20, longerSidePx: 96 };
  for (const product of ['gif', 'apng']) {
    const found = python<{ frames: number; loop: number; ms: number[]; moved: number }>(
      `
i = Image.open(sys.argv[1])
fs = [(np.asarray(f.convert('RGB')).astype(int), f.info['duration']) for f in ImageSequence.Iterator(i)]
print(json.dumps(dict(frames=len(fs), loop=i.info['loop'], ms=[d for _, d in fs], moved=float(abs(fs[0][0] - fs[3][0]).mean()))))`,
      await save(loop, product, FEW),
    );
    assert.deepEqual([found.frames, found.loop, found.ms], [12, 0, Array(12).fill(50)], product);
    assert.ok(found.moved > 0.5);
  }
  const edges = python<number[]>(
    `
a = np.asarray(Image.open(sys.argv[1]).convert('RGB')).astype(int)
out = []
for v in range(12):
    x, y = v % 4, 2 - v // 4
    t = a[y * 160:(y + 1) * 160, x * 120:(x + 1) * 120]
    out.append(int(np.argmax(t[80, :, 0] > 200)))
print(json.dumps(out))`,
    await save(lightField, 'quilt', { columns: 4, rows: 3, quiltPx: 480, aspect: '0.75' }),
  );
  assert.ok(edges.every((edge, i) => i === 0 || edge <= edges[i - 1]!) && edges[0]! > edges[11]!, edges.join());
});
