import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { root } from '../../src/cli/prepare.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import { buildPngChunk } from '../../src/core/index.ts';
import { coloursOf } from '../../src/decode/heic/index.ts';
import { coded, heifBytes, heifFile, property } from '../fixtures/heif-files.ts';
import { eventually } from './app-page.ts';
import type { Job, Outcome } from './pipeline-page.ts';

const files: Record<string, [type: string, text: string]> = {
  '/': ['text/html', '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
  '/page.js': ['text/javascript', await bundle('pipeline-page.ts')],
  '/worker.js': ['text/javascript', await bundle('pipeline-worker.ts')],
};
const server = await listen((request, response) => {
  const [type, text] = files[request.url ?? ''] ?? [];
  response.writeHead(text ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(text);
});
const browser = await testBrowser();
after(() => server.close());

/** A page in a process of its own. */
async function openPage() {
  const context = await browser.newContext();
  after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'pipelinePage' in globalThis);
  return page;
}
const page = await openPage();

const fixture = (name: string): Job => ({ name, bytes: [...readFileSync(`${root}/test/fixtures/pictures/${name}`)] });
const convert = (job: Job, settings = {}): Promise<Outcome> =>
  page.evaluate(([what, how]) => pipelinePage.convert(what, how), [job, settings] as const);
const png = (name: string, width: number, height: number, channels: 1 | 3 | 4, colour: number[], depth: 8 | 16 = 8): Job => {
  const data = depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % channels]!;
  return { name, bytes: [...encode({ width, height, data, channels, depth })] };
};

const RED = [220, 30, 30];
const BLUE = [30, 30, 220];

function assertColour(actual: number[] | undefined, expected: number[], tolerance: number, what: string): void {
  assert.ok(actual, what);
  assert.equal(actual[3], 255, `${what} is opaque`);
  expected.forEach((value, i) => assert.ok(Math.abs(value - actual[i]!) <= tolerance, `${what}: ${actual} for ${expected}`));
}

test('plugins get the alpha of WebP, AVIF and PNG as it is, and the colour beside it', async () => {
  for (const name of ['transparent.avif', 'transparent.webp']) {
    const { width, height, first, last } = await page.evaluate((job) => pipelinePage.decodeImage(job), fixture(name));
    assert.deepEqual([width, height, first[3], last[3]], [16, 12, 0, 255], name);
  }
  const glass = await page.evaluate((job) => pipelinePage.decodeImage(job), png('glass.png', 20, 20, 4, [200, 0, 0, 128]));
  assertNear(glass.first, [200, 0, 0, 128]);
  const grey = await page.evaluate((job) => pipelinePage.decodeImage(job), fixture('transparent.avif'));
  assertNear(grey.last, [120, 120, 120, 255]);
});

function assertNear(actual: number[], expected: number[]): void {
  expected.forEach((value, i) => assert.ok(Math.abs(value - actual[i]!) <= 4, `${actual} for ${expected}`));
}

/** What was lost, as told. That the pictures here are tiny is told, too, and another matter. */
function lostIn({ report }: { report?: Outcome['report'] | undefined }): string[] {
  return (report?.warnings ?? []).filter((warning) => !/ pixels: it is too small for movement to be visible/.test(warning));
}

test('every kind of picture is decoded, upright, opaque, with a warning where something was lost', async () => {
  const cases: [Job, number[], number[], number[], RegExp?][] = [
    [fixture('progressive.jpg'), [16, 12], RED, BLUE],
    [fixture('plain.bmp'), [16, 12], RED, BLUE],
    [fixture('plain.avif'), [16, 12], RED, BLUE],
    [{ name: 'trailing.avif', bytes: [...fixture('plain.avif').bytes, ...new Uint8Array(2000).fill(7)] }, [16, 12], RED, BLUE],
    [fixture('turned.jpg'), [12, 16], RED, BLUE],
    [fixture('turned.png'), [12, 16], RED, BLUE],
    [fixture('turned.webp'), [12, 16], RED, BLUE],
    [fixture('animated.gif'), [16, 12], RED, BLUE, /animated\.gif is animated; its first frame was taken/],
    [fixture('animated.png'), [16, 12], RED, BLUE, /is animated/],
    [fixture('animated.webp'), [16, 12], RED, BLUE, /is animated/],
    [fixture('transparent.webp'), [16, 12], [255, 255, 255], BLUE, /transparent\.webp has transparent parts; they were put on white/],
    [fixture('transparent.gif'), [16, 12], [255, 255, 255], BLUE, /has transparent parts/],
    [fixture('cmyk.jpg'), [16, 12], RED, BLUE, /cmyk\.jpg has printing colours \(CMYK\)/],
    [
      png('deep.png', 20, 20, 3, [65535, 32768, 0], 16),
      [20, 20],
      [255, 128, 0],
      [255, 128, 0],
      /deep\.png has 16 bits a channel; 8 of them were used/,
    ],
    [png('grey.png', 20, 20, 1, [77]), [20, 20], [77, 77, 77], [77, 77, 77]],
    [png('glass.png', 20, 20, 4, [200, 0, 0, 128]), [20, 20], [227, 127, 127], [227, 127, 127], /transparent parts/],
  ];
  for (const [job, size, topLeft, bottomRight, warning] of cases) {
    const outcome = await convert(job);
    assert.equal(outcome.error, undefined, `${job.name}: ${outcome.error?.message}`);
    assert.deepEqual([outcome.report?.width, outcome.report?.height], size, job.name);
    assertColour(outcome.topLeft, topLeft, 14, job.name);
    assertColour(outcome.bottomRight, bottomRight, 14, job.name);
    if (warning) assert.match(outcome.report!.warnings.join('\n'), warning);
    else assert.deepEqual(lostIn(outcome), [], job.name);
  }
});

/** A PNG that tells its colours by numbers of ISO 23091-2. */
function withCicp({ name, bytes }: Job, primaries: number, transfer: number): Job {
  // Behind IHDR, which ends at byte 33.
  return { name, bytes: [...bytes.slice(0, 33), ...buildPngChunk('cICP', Uint8Array.of(primaries, transfer, 0, 1)), ...bytes.slice(33)] };
}

test('colours of a wider space (Display P3) become sRGB', async () => {
  const wide = await convert(withCicp(png('p3.png', 8, 8, 3, [200, 100, 100]), 12, 13));
  assertColour(wide.topLeft, [214, 93, 97], 3, 'Display P3');
  assert.deepEqual(lostIn(wide), []);
});

test('HDR photos (PQ and HLG) keep their highlights, in the right colours, with a warning', async () => {
  // Light in cd/m², 203 = white of a page, as PQ and HLG code it, and what is seen of it.
  const pq = (nits: number): number => {
    const power = (nits / 10_000) ** 0.1593017578125;
    return 255 * ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
  };
  const seen: number[] = [];
  for (const nits of [50, 203, 400, 800]) {
    const { topLeft, report } = await convert(withCicp(png('pq.png', 8, 8, 3, [pq(nits), pq(nits), pq(nits)].map(Math.round)), 9, 16));
    assert.deepEqual(lostIn({ report }), ['pq.png has HDR colours (PQ); what is brighter than white was compressed.']);
    assertColour(topLeft, [topLeft![0]!, topLeft![0]!, topLeft![0]!], 1, 'grey stays grey');
    seen.push(topLeft![0]!);
  }
  const [shade, white, bright, brighter] = seen as [number, number, number, number];
  assert.ok(Math.abs(shade - 136) <= 3, `a quarter of white: ${shade}`);
  assert.ok(white > 235 && white + 5 <= bright && bright <= brighter && brighter > 252, `nothing is clipped at white: ${seen}`);
  // Red of sRGB at a quarter of white, in BT.2020's primaries.
  const red = await convert(
    withCicp(
      png(
        'red.png',
        8,
        8,
        3,
        [0.6274, 0.0691, 0.0164].map((part) => Math.round(pq(203 * 0.25 * part))),
      ),
      9,
      16,
    ),
  );
  assertColour(red.topLeft, [137, 0, 0], 12, 'BT.2020');
  const hlg = await convert(withCicp(png('hlg.png', 8, 8, 3, [191, 191, 191]), 9, 18));
  assertColour(hlg.topLeft, [white, white, white], 3, 'white of HLG is white of PQ');

  const avif = async (primaries: number, transfer: number): Promise<Outcome> =>
    convert({
      name: 'photo.avif',
      bytes: [...heifFile({ brand: 'avif', items: [coded('photo.avif', 160, 120, property.nclx(primaries, transfer))] })],
    });
  const [plain, hdr] = [await avif(1, 13), await avif(9, 16)];
  const expected = Uint8ClampedArray.from([...plain.topLeft!, ...plain.bottomRight!]);
  coloursOf({ kind: 'nclx', primaries: 9, transfer: 16 })!.convert(expected);
  assertColour(hdr.topLeft, [...expected.slice(0, 3)], 6, 'AVIF');
  assertColour(hdr.bottomRight, [...expected.slice(4, 7)], 6, 'AVIF');
  assert.match(hdr.report!.warnings.join(), /photo\.avif has HDR colours \(PQ\)/);
});

test('a picture wider than any canvas is read whole', async () => {
  const [width, height] = [100_000, 2];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(i % width < width / 2 ? RED : BLUE, i * 3);
  const { error, report, topLeft, bottomRight } = await convert({
    name: 'wide.png',
    bytes: [...encode({ width, height, data, channels: 3 })],
  });
  assert.equal(error, undefined, error?.message);
  assert.deepEqual([report?.width, report?.height], [960, 1]);
  assertColour(topLeft, RED, 2, 'left');
  assertColour(bottomRight, BLUE, 2, 'right');
});

test('the smallest and the thinnest photo work', async () => {
  const pixel = await convert(png('pixel.png', 1, 1, 3, [9, 99, 199]));
  assert.equal(pixel.error, undefined, pixel.error?.message);
  assert.deepEqual([pixel.report?.width, pixel.report?.height], [1, 1]);
  const line = await convert(png('line.png', 1, 10_000, 3, [9, 99, 199]));
  assert.equal(line.error, undefined, line.error?.message);
  assert.deepEqual([line.report?.width, line.report?.height, line.report?.originalHeight], [1, 960, 10_000]);
  assertColour(line.topLeft, [9, 99, 199], 2, 'line');
});

test('bad files are refused by name and reason, and the next photo works', async () => {
  const whole = fixture('turned.jpg');
  const text = (value: string): number[] => [...new TextEncoder().encode(value)];
  const cases: [Job, string, RegExp][] = [
    [{ name: 'empty.jpg', bytes: [] }, 'empty-file', /^empty\.jpg is empty/],
    [{ name: 'letter.jpg', bytes: text('Dear all') }, 'not-an-image', /^letter\.jpg is a text file/],
    [{ name: 'half.jpg', bytes: whole.bytes.slice(0, 500) }, 'unreadable-image', /^half\.jpg is cut off/],
    [
      { name: 'phone.heic', bytes: [...heifBytes('photo.heic')] },
      'unreadable-image',
      /^phone\.heic is a HEIC photo, which this browser cannot read by itself, and this page has no decoder for it\..*save the photo as JPEG/,
    ],
    [
      { name: 'noise.png', bytes: noise(png('noise.png', 20, 20, 3, [1, 2, 3]).bytes) },
      'unreadable-image',
      /^noise\.png could not be decoded: the PNG file is damaged/,
    ],
  ];
  for (const [job, code, message] of cases) {
    const { error } = await convert(job);
    assert.equal(error?.name, 'UnflatError', job.name);
    assert.equal(error?.code, code, job.name);
    assert.match(error.message, message);
  }
  assert.equal((await convert(whole)).error, undefined);
});

test('a header that promises ten gigapixels is refused before any memory is taken', async () => {
  const { bytes } = png('huge.png', 1, 1, 3, [0, 0, 0]);
  const view = new DataView(Uint8Array.from(bytes).buffer);
  view.setUint32(16, 100_000);
  view.setUint32(20, 100_000);
  const { error, ms } = await convert({ name: 'huge.png', bytes: [...new Uint8Array(view.buffer)] });
  assert.equal(error?.code, 'image-too-large');
  assert.ok(ms < 1000);
});

test('a photo of 50 megapixels is scaled while it is decoded, and says so', async () => {
  const outcome = await page.evaluate(() => pipelinePage.convertLarge(8660, 5774));
  assert.equal(outcome.error, undefined, outcome.error?.message);
  assert.deepEqual([outcome.report?.width, outcome.report?.height, outcome.report?.originalWidth], [960, 640, 8660]);
  assert.deepEqual(outcome.detail, { width: 2048, height: 1365 });
  assert.match(outcome.report!.warnings.join(), /50MP\.jpg has 50 megapixels; it was scaled to 2048 × 1365 pixels/);
  assertColour(outcome.topLeft, [230, 122, 26], 12, 'top left');
  assertColour(outcome.bottomRight, [25, 70, 230], 12, 'bottom right');
});

test('detail can be switched off, and is left out where it would show no more', async () => {
  const off = await page.evaluate(() => pipelinePage.convertLarge(2000, 1000, { detailPx: 0 }));
  assert.equal(off.detail, undefined);
  const small = await page.evaluate(() => pipelinePage.convertLarge(1000, 800));
  assert.equal(small.detail, undefined);
  const some = await page.evaluate(() => pipelinePage.convertLarge(2000, 1000));
  assert.deepEqual(some.detail, { width: 2000, height: 1000 });
});

test('of ten photos dropped fast the last wins', async () => {
  const jobs = Array.from({ length: 10 }, (_, i) => png(`${i}.png`, 300, 200, 3, [i * 20, 0, 0]));
  const outcomes = await page.evaluate((all) => pipelinePage.rush(all), jobs);
  assert.deepEqual(
    outcomes.slice(0, 9).map(({ error }) => error?.name),
    Array(9).fill('AbortError'),
  );
  assert.equal(outcomes[9]?.name, '9');
  assertColour(outcomes[9]?.topLeft, [180, 0, 0], 2, 'the last photo');
});

test('a cancelled run ends at once, in whatever stage, and the next one works', async () => {
  const job = png('wide.png', 1600, 1200, 3, [90, 140, 60]);
  for (const afterMs of [0, 30, 100, 200, 350]) {
    const { outcome, answeredMs } = await page.evaluate(([what, ms]) => pipelinePage.cancel(what, ms), [job, afterMs] as const);
    // A quick machine may have been done before.
    if (!outcome.error) continue;
    assert.deepEqual([outcome.error.name, outcome.error.message], ['AbortError', 'Enough.']);
    assert.ok(answeredMs < 100, `answered after ${answeredMs} ms`);
  }
  assert.equal((await convert(job)).error, undefined);
});

test('a plugin stuck in a loop is stopped with its worker, and the next photo works', async () => {
  const job = png('stuck.png', 30, 20, 3, [5, 5, 5]);
  const { outcome, answeredMs } = await page.evaluate((what) => pipelinePage.cancel(what, 500, { depthSource: 'depth-deaf' }), job);
  assert.equal(outcome.error?.name, 'AbortError');
  assert.ok(answeredMs < 100);
  const next = await convert(job);
  assert.equal(next.error, undefined);
  assert.ok(next.ms < 5000, `the next photo took ${next.ms} ms`);
});

test('depth and PLY are written by the worker; a preview comes quickly', async () => {
  await convert(png('plain.png', 640, 480, 3, [90, 140, 60]));
  const depth = await page.evaluate(() => pipelinePage.save('depth'));
  assert.equal(depth.suffix, '_depth.png');
  assert.match(depth.start, /PNG/);
  const ply = await page.evaluate(() => pipelinePage.save('ply'));
  assert.equal(ply.suffix, '.ply');
  assert.match(ply.start, /^ply\n/);
  const preview = await page.evaluate(() => pipelinePage.preview(0.5));
  assert.deepEqual([preview.width, preview.height], [384, 288]);
});

test('the page is never busy for 50 ms while a photo of 12 megapixels is converted and saved', async (context) => {
  const own = await openPage();
  await own.evaluate(() => pipelinePage.prepare(4000, 3000));
  await browser.startTracing(own, { categories: ['toplevel'] });
  await own.evaluate(() => pipelinePage.convertAndSave());
  const tasks = tasksOf(JSON.parse((await browser.stopTracing()).toString()) as Parameters<typeof tasksOf>[0]);
  const longest = Math.max(...tasks);
  context.diagnostic(`${tasks.length} tasks of the page, the longest ${longest.toFixed(1)} ms of CPU`);
  assert.ok(tasks.length > 10 && longest < 50);
});

test('the same photo opens at once after a restart, just as it was', async (context) => {
  const job = [1600, 1200] as const;
  await page.evaluate(() => pipelinePage.restart(true));
  const made = await page.evaluate(([width, height]) => pipelinePage.convertLarge(width, height), job);
  assert.equal(made.report?.stored, false);
  await eventually('the result is not kept', async () => (await page.evaluate(() => pipelinePage.stored())).length > 0);
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    await page.evaluate(() => pipelinePage.restart(true));
    const found = await page.evaluate(([width, height]) => pipelinePage.convertLarge(width, height), job);
    assert.equal(found.report?.stored, true);
    assert.equal(found.print, made.print);
    assert.deepEqual(found.detail, made.detail);
    times.push(found.ms);
  }
  const [entry] = await page.evaluate(() => pipelinePage.stored());
  context.diagnostic(
    `made in ${Math.round(made.ms)} ms, found in ${times.map(Math.round).join(', ')} ms (a new worker each time), ${(entry!.sizeBytes / 2 ** 20).toFixed(1)} MiB kept`,
  );
  assert.ok(Math.min(...times) < Math.max(1000, made.ms), 'found sooner than made');
});

test('a photo of 12 megapixels takes less than 1.5 GB', { skip: !existsSync('/proc/self/status') && 'needs /proc' }, async (context) => {
  const own = await openPage();
  const outcome = await own.evaluate(() => pipelinePage.convertLarge(4000, 3000));
  assert.equal(outcome.error, undefined);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakOf(id));
  context.diagnostic(`peaks of the page processes: ${peaks.map((peak) => `${Math.round(peak / 2 ** 20)} MiB`).join(', ')}`);
  assert.ok(Math.max(...peaks) < 1.5e9);
});

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** CPU time in microseconds: other programs on the machine do not count. */
  tdur?: number;
  args: { name?: string };
}

/** CPU milliseconds of each task of the pages' main threads. */
function tasksOf({ traceEvents }: { traceEvents: TraceEvent[] }): number[] {
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && main.has(`${pid} ${tid}`))
    .map(({ tdur }) => tdur! / 1000);
}

/** Most memory that a process ever had, in bytes. */
function peakOf(pid: number): number {
  const path = `/proc/${pid}/status`;
  const kibibytes = existsSync(path) ? /VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return Number(kibibytes ?? 0) * 1024;
}

/** Breaks the compressed pixels but not the structure. */
function noise(bytes: number[]): number[] {
  const at = String.fromCharCode(...bytes).indexOf('IDAT') + 6;
  return bytes.map((value, i) => (i >= at && i < at + 8 ? value ^ 0xff : value));
}
