import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { checkIds } from '../../../src/cli/check-ids.ts';
import { UsageError } from '../../../src/cli/cli-error.ts';
import { openModels } from '../../../src/cli/models-command.ts';
import { HELP, hasFlag, parseCommandLine, type CliOptions } from '../../../src/cli/parse-command-line.ts';
import { isDone, jobOf, settleTargets } from '../../../src/cli/photo-job.ts';
import { planPhotos } from '../../../src/cli/plan-photos.ts';
import { setOptions } from '../../../src/cli/set-options.ts';
import { tableOf } from '../../../src/cli/run-options.ts';
import { stdoutFor } from '../../../src/cli/read-stdin.ts';
import { checkOut } from '../../../src/cli/targets-of.ts';
import { withPngMark } from '../../../src/core/index.ts';
import { NUMBER_SETTINGS } from '../../../src/settings/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-options-'));
for (const name of ['a.jpg', 'a_depth.png', 'b.jpg', 'b.png']) writeFileSync(join(folder, name), 'x');
writeFileSync(join(folder, 'empty.jpg'), '');
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function parsed(...argv: string[]): CliOptions {
  const options = parseCommandLine(argv);
  assert.ok(typeof options === 'object' && 'photos' in options);
  return options;
}

test('reads every option', () => {
  const options = parsed(
    'a.jpg',
    '--depth',
    'd.png',
    '--out',
    'o',
    '--outputs',
    'ply, depth,ply',
    '--longer-side',
    '640',
    '--inpaint',
    'inpaint-classic',
    '--cameras',
    'c.json',
    '--json',
  );
  assert.deepEqual(options, {
    photos: ['a.jpg'],
    depth: 'd.png',
    out: 'o',
    outputs: ['ply', 'depth'],
    settings: { longerSidePx: 640 },
    inpaint: 'inpaint-classic',
    cameras: 'c.json',
    json: true,
    overwrite: false,
    skipExisting: false,
    jobs: 1,
    allowHosts: false,
    quiet: false,
    depthOptions: {},
    set: [],
  });
});

test('options of plugins are read, checked and named where they are wrong', () => {
  const plugins = [
    {
      id: 'output-video',
      kind: 'output',
      label: 'Video',
      products: ['swing'],
      options: [
        { id: 'fps', label: 'Frames per second', type: 'number', default: 40, min: 1, max: 120, unit: 'fps' },
        { id: 'crop', label: 'Crop', type: 'boolean', default: true },
        {
          id: 'format',
          label: 'Format',
          type: 'choice',
          default: 'auto',
          choices: [
            { value: 'auto', label: 'Any' },
            { value: 'mp4', label: 'MP4' },
          ],
        },
      ],
    },
    {
      id: 'depth-map',
      kind: 'depth',
      label: 'Depth map',
      products: [],
      options: [{ id: 'flip', label: 'Swap', type: 'boolean', default: false }],
    },
  ] as const;
  const values = (...words: string[]) => setOptions(parsed('a.jpg', ...words.flatMap((word) => ['--set', word])).set, plugins as never);
  assert.deepEqual(values('output-video.fps=30', 'output-video.crop=false', 'output-video.format=mp4', 'depth-map.flip=true'), {
    depth: { flip: true },
    inpaint: {},
    output: { 'output-video': { fps: 30, crop: false, format: 'mp4' } },
  });
  for (const [word, said] of [
    ['output-video', /write --set plugin\.option=value/],
    ['output-vidoe.fps=1', /there is no plugin output-vidoe; .*Did you mean output-video\?/],
    ['swing.fps=24', /swing is an output of output-video, .*: --set output-video\.fps=24$/],
    ['output-video.fpss=1', /has no option fpss; it has fps, crop, format\. Did you mean fps\?/],
    ['output-video.fps=0', /must be a number from 1 to 120 \(fps\), got 0/],
    ['output-video.fps=', /must be a number/],
    ['output-video.crop=yes', /must be true or false, got yes/],
    ['output-video.format=avi', /must be one of auto, mp4, got avi/],
  ] as const)
    assert.throws(
      () => values(word),
      (error) => error instanceof UsageError && said.test(error.message),
      word,
    );
  const table = tableOf(plugins[0] as never).split('\n');
  assert.equal(table[0], 'Video (output-video): --outputs swing');
  assert.match(table[1]!, /^ {2}output-video\.fps +1 to 120 fps +40 +Frames per second$/);
  const [start, end] = ['start', 'end'].map((id) => ({
    id,
    group: `${id} view`,
    label: 'Size',
    type: 'number',
    default: 1,
    min: 0,
    max: 9,
  }));
  assert.match(tableOf({ ...plugins[0], options: [start, end] } as never), /start view: Size\n.*end view: Size$/);
  assert.deepEqual(parseCommandLine(['options', 'swing', '--json']), {
    command: 'options',
    names: ['swing'],
    pluginFiles: [],
    allowHosts: false,
    json: true,
  });
});

test('reads what is said of the depth map', () => {
  const { depthOptions, settings, overwrite } = parsed(
    'a.jpg',
    '--flip',
    '--polarity',
    'near-black',
    '--layout',
    'none',
    '--turn',
    '90',
    '--colours',
    'jet',
    '--smoothing',
    '0.5',
    '--overwrite',
  );
  assert.deepEqual(depthOptions, { flip: true, polarity: 'near-black', layout: 'none', turn: '90', colours: 'jet' });
  assert.deepEqual([settings, overwrite], [{ smoothing: 0.5 }, true]);
});

test('every setting that is a number has its flag, its range in the help and its row in the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  for (const { id, flag, min, max, default: usual } of Object.values(NUMBER_SETTINGS)) {
    assert.deepEqual(parsed('a.jpg', `--${flag}=${min}`).settings, { [id]: min });
    assert.throws(
      () => parsed('a.jpg', `--${flag}=${max + 1}`),
      new RegExp(`--${flag} must be an? .* from ${min} to ${max}, got ${max + 1}`),
    );
    assert.throws(() => parsed('a.jpg', `--${flag}=`), new RegExp(`--${flag} must be`));
    assert.match(HELP, new RegExp(`--${flag} <\\w+> +${min} to ${max}, default ${usual}`));
    assert.match(readme, new RegExp(`\\| \`--${flag} <${min} to ${max}>\` \\|.*Default: ${usual} \\|`));
  }
  assert.equal(parsed('a.jpg', '--emphasis=-0.5').settings.emphasis, -0.5);
});

test('reads how deep models are to be', () => {
  assert.equal(parsed('a.jpg', '--relief', 'full').relief, 'full');
  assert.equal(parsed('a.jpg').relief, undefined);
  assert.throws(() => parsed('a.jpg', '--relief', 'ful'), /--relief must be one of compact, full, got ful\. Did you mean full\?/);
});

test('outputs can be none', () => {
  assert.deepEqual(parsed('a.jpg', '--outputs', 'none').outputs, []);
});

for (const [what, argv, message] of [
  ['no photo', ['--json'], /No photo given/],
  ['an unknown option', ['a.jpg', '--background', 'red'], /^There is no option --background\. unflat --help/],
  ['a mistyped option', ['a.jpg', '--output', 'depth'], /^There is no option --output; did you mean --outputs\?/],
  ['an option that is hardly begun', ['a.jpg', '-o', 'out'], /^There is no option -o\. unflat --help/],
  ['a value that is missing', ['a.jpg', '--out'], /--out/],
  ['an empty name', ['a.jpg', ''], /One of the photos has an empty name/],
  ['an empty value', ['a.jpg', '--out', ''], /--out is empty/],
  ['a working resolution that is too small', ['a.jpg', '--longer-side', '8'], /256 to 4096, got 8/],
  ['a working resolution in words', ['a.jpg', '--longer-side', 'big'], /256 to 4096, got big/],
  ['a mistyped value', ['a.jpg', '--layout', 'rigth'], /--layout must be one of left, right, .*got rigth\. Did you mean right\?/],
  [
    'a value of models add',
    ['models', 'add', 'x.onnx', '--meaning', 'disparty'],
    /--meaning must be one of .*got disparty\. Did you mean disparity\?/,
  ],
  ['a mistyped command', ['models', 'lsit'], /There is no unflat models lsit; there is list, .*Did you mean list\?/],
  ['a file whose name begins with a dash', ['-dash.jpg'], /^-dash\.jpg is read as an option, .*write \.\/-dash\.jpg/],
  ['a map whose name begins with a dash', ['a.jpg', '--depth', '-dash.png'], /^-dash\.png is read as an option, .*write \.\/-dash\.png/],
  ['a value that begins with a dash', ['a.jpg', '--longer-side', '-5'], /^--longer-side needs a value, and -5 looks like an option/],
  ['a value that is left out', ['a.jpg', '--outputs'], /^--outputs needs a value after it\./],
  ['an empty list of outputs', ['a.jpg', '--outputs', ''], /^--outputs is empty; .* --outputs none writes no file\./],
  ['a value where none belongs', ['a.jpg', '--json=yes'], /^--json takes no value\./],
  ['half a value', ['a.jpg', '--polarity', 'white'], /got white\. Did you mean near-white\?/],
  ['a command without models', ['list'], /Did you mean unflat models list\?/],
  ['too much smoothing', ['a.jpg', '--smoothing', '3'], /from 0 to 2, got 3/],
  ['a pattern without a match', [at('*.heic')], /matches no file/],
] as const) {
  test(`says what is wrong with ${what}`, () => {
    assert.throws(
      () => parseCommandLine([...argv]),
      (error: unknown) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('expands patterns where the shell does not', () => {
  assert.deepEqual(parsed(at('*.jpg')).photos, ['a.jpg', 'b.jpg', 'empty.jpg'].map(at));
});

test('takes x_depth for the map of x when both are named', () => {
  const { photos } = planPhotos(parsed(at('a.jpg'), at('a_depth.png'), '--out', 'o'), false);
  assert.deepEqual(
    photos.map(({ input, map }) => [input, map]),
    [[at('a.jpg'), at('a_depth.png')]],
  );
});

test('takes other names of maps as the app does', () => {
  for (const map of ['a-depth.png', 'depth_a.png', 'a.npy', 'A_DEPTH.PNG']) {
    const { photos } = planPhotos(parsed(at('a.jpg'), at('b.jpg'), at(map)), false);
    assert.deepEqual(
      photos.map(({ input, map: its }) => [input, its]),
      [
        [at('a.jpg'), at(map)],
        [at('b.jpg'), undefined],
      ],
      map,
    );
  }
});

test('a map named along with --depth is left out, and that is said', () => {
  const { photos, notes } = planPhotos(parsed(at('a.jpg'), at('a_depth.png'), '--depth', 'unflat-basic'), false);
  assert.deepEqual(
    photos.map(({ input, map }) => [input, map]),
    [[at('a.jpg'), undefined]],
  );
  assert.match(notes.map(({ text }) => text).join(), /--depth says where the depth comes from/);
});

test('folders stand for the pictures in them', () => {
  const depth = withPngMark(encode({ width: 2, height: 2, data: new Uint8Array(4), channels: 1, depth: 8 }), 'depth');
  const files: Record<string, string | Uint8Array> = {
    'pics/b.JPG': 'x',
    'pics/b_depth.png': 'x',
    'pics/a.heic': 'x',
    'pics/c.webp': 'x',
    'pics/c_depth.png': depth,
    'pics/.DS_Store': 'x',
    'pics/._b.JPG': 'x',
    'pics/.hidden.jpg': 'x',
    'pics/Thumbs.db': 'x',
    'pics/a.ply': 'x',
    'pics/notes.txt': 'x',
    'pics/deep/d.jpg': 'x',
    'pics/e.jpg/f.jpg': 'x',
    'none/notes.txt': 'x',
  };
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), bytes);
  }
  const { photos, notes } = planPhotos(parsed(at('pics'), at('a.jpg'), at('none')), false);
  assert.deepEqual(
    photos.map(({ input, map, name, unreadable }) => [input, map, name, unreadable?.code]),
    [
      [at('pics/a.heic'), undefined, 'a', undefined],
      [at('pics/b.JPG'), at('pics/b_depth.png'), 'b', undefined],
      [at('pics/c.webp'), undefined, 'c', undefined],
      [at('a.jpg'), undefined, 'a', undefined],
      [at('none'), undefined, 'none', 'not-found'],
    ],
  );
  assert.deepEqual(
    notes.filter(({ input }) => input !== at('a.jpg')),
    [
      {
        input: at('pics'),
        text: 'left out: a.ply, notes.txt (text file); c_depth.png (written by earlier runs); deep, e.jpg (folder, not searched)',
      },
      { input: at('none'), text: 'left out: notes.txt (text file)' },
    ],
  );
  assert.match(photos.at(-1)?.unreadable?.error ?? '', /none: there is no photo in this folder .*folders in it are not searched/);
});

test('a folder says in one line what it leaves out and why, by kind; a picture without an extension is a photo', () => {
  const [jpeg, png] = [
    Buffer.from('ffd8ffe000104a464946', 'hex'),
    encode({ width: 2, height: 2, data: new Uint8Array(4), channels: 1, depth: 8 }),
  ];
  const files: Record<string, string | Uint8Array> = {
    'mixed/a.jpg': jpeg,
    'mixed/b.jpg': jpeg,
    'mixed/IMG_0001': jpeg,
    'mixed/cache.dat': png,
    'mixed/README': 'some words',
    'mixed/.DS_Store': 'x',
    'mixed/a.tif': 'II*\0',
    'mixed/scan.tif': 'II*\0',
    'mixed/scan2.TIFF': 'II*\0',
    'mixed/b_depth.psd': '8BPS',
    'mixed/c.psd': '8BPS',
    'mixed/logo.svg': '<svg xmlns="x"/>',
    'mixed/-.jpg': jpeg,
    'mixed/empty': '',
  };
  mkdirSync(at('mixed'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(at(name), bytes);
  const { photos, notes } = planPhotos(parsed(at('mixed')), false);
  assert.deepEqual(
    photos.map(({ input, map }) => [basename(input), map && basename(map)]),
    [
      ['-.jpg', undefined],
      ['a.jpg', 'a.tif'],
      ['b.jpg', undefined],
      ['IMG_0001', undefined],
    ],
  );
  assert.deepEqual(
    notes.map(({ text }) => text),
    [
      'b_depth.psd is named as the depth map of b.jpg, but is a Photoshop file, which is not read, so it is not used. Save it as 8 or 16-bit PNG.',
      'left out: c.psd (Photoshop file); cache.dat (picture without a picture’s extension; name it to convert it); empty (empty file); logo.svg (SVG drawing); README (text file); scan.tif, scan2.TIFF (TIFF: read as a depth map only, of the photo of its name)',
    ],
  );
});

test('a map beside a photo that is not used is named, with what to do', () => {
  mkdirSync(at('beside'), { recursive: true });
  for (const [name, bytes] of Object.entries({
    'x.jpg': 'x',
    'x_depth.psd': '8BPS',
    'x-disparity.png': 'x',
    'y_depth.png': 'x',
    'x.tif': 'II*\0',
  }))
    writeFileSync(at(`beside/${name}`), bytes);
  const notesOf = (...argv: string[]) => planPhotos(parsed(...argv), argv.includes('--depth')).notes.map(({ text }) => text);
  const [png, psd, ...rest] = notesOf(at('beside/x.jpg')).sort();
  assert.match(png ?? '', /^x-disparity\.png beside it is its depth map by its name, and is not used unless it is given along with it$/);
  assert.match(
    psd ?? '',
    /^x_depth\.psd is named as the depth map of x\.jpg, but is a Photoshop file, which is not read, so it is not used\. Save it as 8 or 16-bit PNG\.$/,
  );
  assert.deepEqual(rest, []);
  assert.deepEqual(notesOf(at('beside/x.jpg'), at('beside/x-disparity.png')), []);
  assert.deepEqual(notesOf(at('beside/x.jpg'), '--depth', at('beside/y_depth.png')), []);
});

test('maps that belong to no photo are named for what they are', () => {
  const files = [
    'maps/a.jpg',
    'maps/b.jpg',
    'maps/a_depth.png',
    'maps/a.npy',
    'maps/c.npy',
    'maps/scan.tif',
    'maps/depth.png',
    'maps/d_depth.png',
  ];
  mkdirSync(at('maps'), { recursive: true });
  for (const name of files) writeFileSync(at(name), 'x');
  const { notes } = planPhotos(parsed(...files.map(at)), false);
  assert.deepEqual(Object.fromEntries(notes.map(({ input, text }) => [basename(input), text])), {
    'a.npy': 'is a further depth map of a photo that has a_depth.png: it is left out',
    'c.npy': 'is a depth map by its kind, but no photo of its name was given along with it: it is left out',
    'scan.tif':
      'is a TIFF, which is read as a depth map only, and no photo of its name was given along with it (save it as JPEG or PNG if it is a photo): it is left out',
    'depth.png': 'is a depth map by its name, but does not say of which photo (x_depth.png goes with x.jpg): it is left out',
    'd_depth.png': 'is named like a depth map, but its photo was not named: it is left out',
  });
});

test('a map of another name that goes with the only photo is named, and so is a photo that is named like a map', () => {
  mkdirSync(at('lone'), { recursive: true });
  for (const name of ['a.jpg', 'out_0001.npy', 'a.npy', 'depth.png', 'b_depth.png']) writeFileSync(at(`lone/${name}`), 'x');
  const planned = (...names: string[]) => {
    const { photos, notes } = planPhotos(parsed(...names.map((name) => at(`lone/${name}`))), false);
    return [
      photos.map(({ input, map }) => [basename(input), map && basename(map)]),
      notes.filter(({ text }) => !text.includes('beside it')).map(({ input, text }) => `${basename(input)} ${text}`),
    ];
  };
  assert.deepEqual(planned('a.jpg', 'out_0001.npy'), [
    [['a.jpg', 'out_0001.npy']],
    ['out_0001.npy was taken as the depth map of a.jpg, the only photo; if it is not, leave it out'],
  ]);
  assert.deepEqual(planned('a.jpg', 'a.npy'), [[['a.jpg', 'a.npy']], []]);
  assert.deepEqual(planned('a.jpg', 'depth.png'), [[['a.jpg', 'depth.png']], []]);
  assert.deepEqual(planned('b_depth.png'), [
    [['b_depth.png', undefined]],
    ['b_depth.png is named like a depth map, but no photo was given along with it: it is opened as a photo'],
  ]);
});

test('a photo named twice, by whatever path, is converted once', () => {
  const { photos } = planPhotos(parsed(at('a.jpg'), join(folder, '.', 'a.jpg'), relative('.', at('a.jpg')), at('b.jpg')), false);
  assert.deepEqual(
    photos.map(({ input }) => input),
    [at('a.jpg'), at('b.jpg')],
  );
});

test('- is a photo from stdin, and its files are called so', () => {
  const { photos } = planPhotos(parsed('-', '--out', 'o'), false);
  assert.deepEqual(
    photos.map(({ input, name, out, unreadable }) => [input, name, out, unreadable]),
    [['-', 'stdin', resolve('o'), undefined]],
  );
});

test('--out - takes one file of one photo, and stdout for nothing else', () => {
  assert.equal(stdoutFor(parsed('a.jpg', '--out', 'o'), 2, 6), undefined);
  assert.throws(
    () => stdoutFor(parsed('a.jpg', '--out', '-'), 1, 6),
    /writes one file of one photo to stdout, but this makes 6: .*--outputs depth/,
  );
  assert.throws(() => stdoutFor(parsed('a.jpg', '--out', '-', '--json'), 1, 1), /--out - and --json both write to stdout/);
});

test('ids that do not exist are answered with the nearest that does', () => {
  const known = {
    all: [],
    depth: ['depth-map', 'depth-anything'],
    inpaint: ['inpaint-classic'],
    products: ['depth', 'ply', 'zoom-in', 'dolly-zoom-in'],
    suffixes: {},
    colours: ['auto', 'brightness', 'jet', 'turbo'],
  };
  const check =
    (...argv: string[]) =>
    () =>
      checkIds(parsed('a.jpg', ...argv), false, known, []);
  assert.throws(check('--outputs', 'zoomin,plyy'), /does not exist; .*Did you mean zoom-in,ply\?$/);
  assert.throws(check('--outputs', 'dolly'), /Did you mean dolly-zoom-in\?$/);
  assert.throws(check('--depth', 'Depth_Anythin'), /Did you mean depth-anything\?$/);
  assert.throws(check('--inpaint', 'inpaint-clasic'), /Did you mean inpaint-classic\?$/);
  assert.throws(check('--inpaint', 'magic'), /magic is neither an inpainter nor a model; .*inpaint-classic/);
  assert.throws(check('--inpaint', 'magic'), (error: Error) => !error.message.includes('Did you mean'));
  assert.throws(check('--depth', at('a_depht.png')), /Did you mean a_depth\.png\?$/);
  assert.throws(check('--colours', 'tubro'), /--colours tubro does not exist; .*Did you mean turbo\?$/);
  check('--outputs', 'ply,depth', '--colours', 'jet')();
});

test('refuses one map for two photos', () => {
  assert.throws(() => planPhotos(parsed(at('a.jpg'), at('b.jpg'), '--depth', at('a_depth.png')), true), /one map for 2 photos/);
});

test('photos that differ in their extension alone are both converted, and the note says how the later one is called', () => {
  const { photos, notes } = planPhotos(parsed(at('b.jpg'), at('b.png')), false);
  assert.deepEqual(
    photos.map(({ name }) => name),
    ['b', 'b-png'],
  );
  assert.match(
    notes.map(({ text }) => text).join(),
    /has the name of .*b\.jpg and is opened as a photo of its own: its files are called b-png\. If it is the depth map, name it b_depth\.png/,
  );
});

test('refuses two photos that would write the same files', () => {
  mkdirSync(at('elsewhere'), { recursive: true });
  copyFileSync(at('b.jpg'), at('elsewhere/b.jpg'));
  assert.throws(() => planPhotos(parsed(at('b.jpg'), at('elsewhere/b.jpg'), '--out', at('out')), false), /would both be written/);
});

test('knows an empty and a missing photo before a browser starts', () => {
  const { photos: plans } = planPhotos(parsed(at('empty.jpg'), at('missing.jpg'), at('a.jpg')), false);
  assert.match(plans[0]?.unreadable?.error ?? '', /empty\.jpg: is empty/);
  assert.match(plans[1]?.unreadable?.error ?? '', /missing\.jpg: does not exist/);
  assert.equal(plans[2]?.unreadable, undefined);
});

test('web addresses, and files behind --, are told from what they look like', () => {
  assert.match(
    planPhotos(parsed('https://example.org/a.jpg'), false).photos[0]?.unreadable?.error ?? '',
    /is a web address, .*save the photo/,
  );
  assert.equal(parseCommandLine(['help']), 'help');
  assert.deepEqual(parsed('--', '-dash.jpg', '--json').photos, ['-dash.jpg', '--json']);
  assert.deepEqual([hasFlag(['a.jpg', '--json'], '--json'), hasFlag(['--', '--json'], '--json')], [true, false]);
});

test('a folder of models is a folder', async () => {
  writeFileSync(at('model.onnx'), 'x');
  await assert.rejects(
    openModels(at('model.onnx')),
    (error: unknown) =>
      error instanceof UsageError && /^--models .*model\.onnx: is a file; name a folder\. .*unflat models add/.test(error.message),
  );
  await assert.rejects(openModels(at('model.onnx/models')), /a part of its path is a file/);
  assert.equal((await openModels(at('not there'))).path, at('not there'));
});

test('--out that is named as a file is no folder unless there is one', () => {
  assert.throws(
    () => checkOut(at('one.png')),
    (error: unknown) => error instanceof UsageError && /one\.png names a folder, not a file: .*--out - > one\.png/.test(error.message),
  );
  mkdirSync(at('album.png'));
  for (const out of [undefined, '-', at('album.png'), at('new.png/'), at('v1.2')]) checkOut(out);
});

test('with --skip-existing only what is missing is made', () => {
  const out = mkdtempSync(join(folder, 'skip-'));
  writeFileSync(join(out, 'a.ply'), 'x');
  const suffixes = { depth: ['_depth.png'], ply: ['.ply'], circle: ['_circle.mp4', '_circle.webm'] };
  const settled = (products: string[], ...argv: string[]) => {
    const options = parsed(at('a.jpg'), '--out', out, ...argv);
    const setting = {
      options,
      values: setOptions([], []),
      depthIsFile: false,
      cameras: undefined,
      guard: { named: [], overwrite: false },
      stdout: undefined,
    };
    const job = jobOf(planPhotos(options, false).photos[0]!, products);
    settleTargets(job, setting, suffixes);
    return { products: job.products, refused: job.refused, notes: job.notes, isDone: isDone(job, setting) };
  };
  const some = settled(['depth', 'ply', 'circle'], '--skip-existing');
  assert.deepEqual([some.products, some.refused, some.isDone], [['depth', 'circle'], undefined, false]);
  assert.match(some.notes.join(), /is there already and is left as it is: ply/);
  assert.equal(settled(['ply'], '--skip-existing').isDone, true);
  // Without it, a file of somebody else is a reason to refuse.
  assert.equal(settled(['ply']).refused?.code, 'would-replace');
  assert.equal(settled(['depth']).isDone, false);
});

test('unflat plugins is understood, and refused where it cannot be', () => {
  const { pluginFiles } = parsed('a.jpg', '--plugin', 'x.js', '--plugin', 'https://example.org/y.js');
  assert.deepEqual(pluginFiles, ['x.js', 'https://example.org/y.js']);
  const json = false;
  assert.deepEqual(parseCommandLine(['plugins', 'list', '--json']), { plugins: 'list', json: true });
  assert.deepEqual(parseCommandLine(['plugins', 'dev']), { plugins: 'dev', folder: '.', json });
  assert.deepEqual(parseCommandLine(['plugins', 'dev', 'mine']), { plugins: 'dev', folder: 'mine', json });
  assert.deepEqual(parseCommandLine(['plugins', 'add', 'x.js', '--allow-hosts']), { plugins: 'add', from: 'x.js', allowHosts: true, json });
  assert.deepEqual(parseCommandLine(['plugins', 'remove', 'depth-a', 'depth-b', 'depth-a']), {
    plugins: 'remove',
    ids: ['depth-a', 'depth-b'],
    json,
  });
  assert.deepEqual(parseCommandLine(['plugins', 'new', 'mine', '--kind', 'depth']), {
    plugins: 'new',
    id: 'depth-mine',
    kind: 'depth',
    json,
  });
  const wrong: [string[], RegExp][] = [
    [['plugins', 'ad', 'x.js'], /no unflat plugins ad; there is list, add, remove, .*Did you mean add/],
    [['plugins', 'add'], /takes one plugin’s file, or its address/],
    [['plugins', 'remove'], /needs the id of a plugin/],
    [['plugins', 'list', 'x'], /takes no names/],
    [['plugins', 'add', 'x.js', '--kind', 'depth'], /--kind is for unflat plugins new/],
    [['a.jpg', '--plugin', ''], /--plugin is empty/],
  ];
  for (const [argv, words] of wrong)
    assert.throws(
      () => parseCommandLine(argv),
      (error) => error instanceof UsageError && words.test(error.message),
    );
});
