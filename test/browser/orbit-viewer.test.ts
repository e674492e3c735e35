import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import { PAGE_POLICY } from '../../src/cli/content-policy.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import { QUAD, glbOf, gltfParts, plyFile, splatFile, splatPlyFile, type PlyVertex, type Splat } from '../fixtures/other-3d-files.ts';

const PAGE = `<!doctype html><title>3D files</title><link rel="icon" href="data:,">
<style>body { margin: 0 } canvas { display: block; width: 320px; height: 240px; outline: none }</style>
<script type="module" src="/page.js"></script>`;

const context = await (await testBrowser()).newContext({ viewport: { width: 320, height: 240 } });
after(() => context.close());
const page = await context.newPage();
const problems: string[] = [];
const asked: string[] = [];
page.on('pageerror', (error) => problems.push(error.message));
page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
page.on('request', (request) => /^(http|ws)/.test(request.url()) && asked.push(new URL(request.url()).pathname));
const scripts = { '/page.js': await bundle('orbit-page.ts'), '/worker.js': await bundle('orbit-worker.ts') };
// The policy of the app's page: what it forbids, nothing that is loaded late may need.
const policy = PAGE_POLICY;
await page.route('http://orbit.test/**', (route) => {
  const script = scripts[new URL(route.request().url()).pathname as keyof typeof scripts];
  const headers = { 'content-security-policy': policy.replace("style-src 'self'", "style-src 'unsafe-inline'") };
  return route.fulfill(
    script === undefined ? { contentType: 'text/html', headers, body: PAGE } : { contentType: 'text/javascript', headers, body: script },
  );
});
await page.goto('http://orbit.test/');
await page.waitForFunction(() => 'orbitTests' in globalThis);

type Opened = Awaited<ReturnType<typeof orbitTests.open>>;
const open = (...files: [name: string, bytes: Buffer][]): Promise<Opened> =>
  page.evaluate(
    (sent) => orbitTests.open(sent),
    files.map(([name, bytes]) => ({ name, base64: bytes.toString('base64') })),
  );

/** The picture once no frame is drawn any more. */
async function picture(): Promise<(x: number, y: number) => number[]> {
  await page.waitForFunction(async () => {
    const before = orbitTests.view().frames;
    await new Promise((resolve) => setTimeout(resolve, 250));
    return orbitTests.view().frames === before;
  });
  const { data, width, channels } = decode(await page.locator('canvas').screenshot({ type: 'png' }));
  return (x, y) => [...data.subarray(channels * (y * width + x), channels * (y * width + x) + 3)];
}

/** Where the one colour is most, in pixels from the middle. */
function middleOf(at: (x: number, y: number) => number[], is: (rgb: number[]) => boolean): { x: number; y: number; count: number } {
  const sum = { x: 0, y: 0, count: 0 };
  for (let y = 0; y < 240; y++)
    for (let x = 0; x < 320; x++) {
      if (!is(at(x, y))) continue;
      sum.x += x - 160;
      sum.y += y - 120;
      sum.count++;
    }
  return { x: sum.x / sum.count, y: sum.y / sum.count, count: sum.count };
}

const like =
  (rgb: readonly number[], by = 40) =>
  (there: number[]): boolean =>
    rgb.every((value, c) => Math.abs(value - there[c]!) < by);
const [RED, GREEN, BLUE, YELLOW] = [QUAD[0].rgb, QUAD[1].rgb, QUAD[2].rgb, QUAD[3].rgb];

/** Red is below left, green below right, blue above right, yellow above left, each in one large piece. */
async function isQuad(): Promise<void> {
  const at = await picture();
  for (const [rgb, x, y] of [
    [RED, -1, 1],
    [GREEN, 1, 1],
    [BLUE, 1, -1],
    [YELLOW, -1, -1],
  ] as const) {
    const found = middleOf(at, like(rgb));
    assert.ok(found.count > 150 && found.x * x > 8 && found.y * y > 8, `${rgb}: ${JSON.stringify(found)}`);
  }
}

const png = Buffer.from(encode({ width: 2, height: 2, channels: 3, data: Uint8Array.from([...YELLOW, ...BLUE, ...RED, ...GREEN]) }));

test('meshes of every PLY encoding show their colours, the right way up', async () => {
  for (const format of ['ascii', 'binary_little_endian', 'binary_big_endian'] as const) {
    assert.deepEqual(await open(['quad.ply', plyFile(QUAD, [[0, 1, 2, 3]], { format })]), {
      facts: { kind: 'mesh', count: 4, triangles: 2, size: [2, 2, 0] },
      up: 'y',
    });
    await isQuad();
  }
});

test('the 2020 system’s mesh is seen from its photo’s camera, with y down and z forward', async () => {
  const comments = ['H 240', 'W 320', 'hFov 0.9', 'vFov 0.7'];
  // Behind one another, but straight before the camera: red above, as y is down, and blue below.
  const quad = (y: number, rgb: readonly [number, number, number]): PlyVertex[] =>
    [
      [-1, y],
      [1, y],
      [1, y + 0.5],
      [-1, y + 0.5],
    ].map(([a, b]) => ({ at: [a!, b!, 3], rgb }));
  const vertices = [...quad(-0.7, [220, 30, 30]), ...quad(0.2, [40, 60, 230])];
  const opened = await open([
    'old.ply',
    plyFile(
      vertices,
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ],
      { comments },
    ),
  ]);
  assert.ok('up' in opened && opened.up === '-y');
  const at = await picture();
  assert.ok(middleOf(at, like(RED)).y < -20, 'red above');
  assert.ok(middleOf(at, like(BLUE)).y > 10, 'blue below');
  assert.ok(Math.abs(middleOf(at, like(RED)).x) < 4, 'from straight ahead');
});

test('glTF files show, alone or with the files that belong to them, and nothing is fetched', async () => {
  const whole = gltfParts(`data:image/png;base64,${png.toString('base64')}`);
  const facts = { kind: 'mesh', count: 4, triangles: 2, size: [2, 2, 0] };
  assert.deepEqual(await open(['quad.glb', glbOf(whole.json, whole.data)]), { facts, up: 'y' });
  await isQuad();
  const parts = gltfParts('maps/p.png', 'quad.bin');
  assert.deepEqual(await open(['quad.gltf', Buffer.from(JSON.stringify(parts.json))], ['quad.bin', parts.data], ['p.png', png]), {
    facts,
    up: 'y',
  });
  await isQuad();
  const missing = await open(['quad.gltf', Buffer.from(JSON.stringify(parts.json))], ['quad.bin', parts.data]);
  assert.ok('error' in missing && /needs p\.png\. Open them together/.test(missing.error));
});

test('a cloud of points has its colours, and closes up where they are dense', async () => {
  const points = Array.from({ length: 40_000 }, (_, i): PlyVertex => ({
    at: [(i % 200) / 100 - 1, Math.floor(i / 200) / 100 - 1, 0],
    rgb: [220, 30, 30],
  }));
  const opened = await open(['cloud.ply', plyFile(points)]);
  assert.ok('facts' in opened && opened.facts.kind === 'points' && opened.facts.count === 40_000);
  const at = await picture();
  assert.deepEqual(at(160, 120), [220, 30, 30]);
  let holes = 0;
  for (let y = 100; y < 140; y++) for (let x = 140; x < 180; x++) if (!like(RED)(at(x, y))) holes++;
  assert.ok(holes < 16, `${holes} of 1600 pixels are empty`);
});

test('Gaussian splats of .ply and .splat files are drawn, turned and coloured alike', async () => {
  const half = Math.PI / 8;
  const splats: Splat[] = [
    { at: [-0.4, 0, 0], size: [0.3, 0.02, 0.02], rgb: [230, 30, 30], turn: [Math.cos(half), 0, 0, Math.sin(half)] },
    { at: [0.6, 0.4, 0], size: [0.1, 0.1, 0.1], rgb: [40, 60, 230] },
    { at: [0.6, -0.4, 0], size: [0.1, 0.1, 0.1], rgb: [30, 200, 40] },
  ];
  for (const [name, bytes] of [
    ['a.ply', splatPlyFile(splats)],
    ['a.splat', splatFile(splats)],
  ] as const) {
    const opened = await open([name, bytes]);
    assert.ok('facts' in opened && opened.up === '-y' && opened.facts.kind === 'splats' && opened.facts.count === 3);
    const at = await picture();
    // y is down in such files.
    assert.ok(middleOf(at, like(BLUE, 60)).y > 10, 'blue below');
    assert.ok(middleOf(at, like(GREEN, 60)).y < -10, 'green above');
    // The long one falls to the right: left and above of its middle, and right and below of it, it is red.
    const red = (there: number[]): boolean => there[0]! > there[2]! + 40 && there[0]! > there[1]! + 40;
    const middle = middleOf(at, red);
    const falling = middleOf((x, y) => (x - 160 > middle.x === y - 120 > middle.y ? at(x, y) : [0, 0, 0]), red);
    assert.ok(falling.count > 0.8 * middle.count, `${falling.count} of ${middle.count}`);
  }
});

test('mouse, wheel and keys look around; Home goes back; another axis turns it up; nothing is drawn while nothing moves', async () => {
  await open(['quad.ply', plyFile(QUAD, [[0, 1, 2, 3]])]);
  await picture();
  const look = () => page.evaluate(() => orbitTests.view().look);
  const first = await look();
  await page.mouse.move(160, 120);
  await page.mouse.down();
  await page.mouse.move(220, 120, { steps: 3 });
  await page.mouse.up();
  await picture();
  const dragged = await look();
  // Pulled to the right, one looks from further left.
  assert.ok(dragged.alpha > first.alpha + 0.05, `${first.alpha} → ${dragged.alpha}`);
  await page.mouse.wheel(0, -240);
  await picture();
  assert.ok((await look()).radius < first.radius * 0.98);
  await page.locator('canvas').focus();
  for (const key of ['ArrowRight', 'ArrowUp', '+']) await page.keyboard.press(key);
  const keyed = await look();
  assert.ok(keyed.alpha < dragged.alpha && keyed.beta < dragged.beta);
  await page.keyboard.press('Home');
  const back = await look();
  for (const name of ['alpha', 'beta', 'radius'] as const) assert.ok(Math.abs(back[name] - first[name]) < 1e-3, name);
  await page.evaluate(() => (orbitTests.view().up = '-y'));
  const at = await picture();
  assert.ok(middleOf(at, like(RED)).y < 0, 'red is above now');
});

test('files that lie or are cut are errors that name them; the page asked for nothing but its own scripts', async () => {
  const cut = await open(['cut.ply', plyFile(QUAD, [[0, 1, 2, 3]]).subarray(0, -8)]);
  assert.ok('error' in cut && cut.error.startsWith('cut.ply cannot be shown: it is cut off'), JSON.stringify(cut));
  const far = gltfParts('https://example.com/p.png');
  const remote = await open(['far.glb', glbOf(far.json, far.data)]);
  assert.ok('error' in remote && remote.error.startsWith('far.glb refers to a file on the internet'));
  const odd = await open(['odd.splat', Buffer.alloc(33)]);
  assert.ok('error' in odd && odd.error.startsWith('odd.splat cannot be shown'));
  assert.deepEqual([...new Set(asked)].sort(), ['/', '/page.js', '/worker.js']);
  assert.deepEqual(problems, []);
});
