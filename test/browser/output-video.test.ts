import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { shotOf } from '../../plugins/shared/moves/shot.ts';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import { testServer } from '../helpers/server.ts';
import type { Recording } from './output-video-page.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const said: string[] = [];
const asked = new Set<string>();

const server = await testServer('public', { '/blank.html': '<!doctype html><title>Test</title><link rel="icon" href="data:,">' });
const browser = await testBrowser();
const context = await browser.newContext();
after(() => context.close());
const page = await context.newPage();
page.on('console', (message) => void (message.type() === 'error' && said.push(message.text())));
page.on('pageerror', (error) => void said.push(error.message));
page.on('request', (request) => void asked.add(new URL(request.url()).protocol + new URL(request.url()).hostname));
await page.goto(`${server.url}blank.html`);
await page.addScriptTag({ type: 'module', content: await bundle('output-video-page.ts') });
await page.waitForFunction(() => 'record' in globalThis);

const OPTIONS = { frames: 12, fps: 24, longerSidePx: 960, crop: true, amount: 1, quality: 'standard', format: 'auto' };

function recordOn(
  product: string,
  options: Partial<typeof OPTIONS> = {},
  stops: { abortAt?: number; failAt?: number } = {},
): Promise<Recording> {
  return page.evaluate((all) => record(all), { product, options: { ...OPTIONS, ...options }, ...stops });
}

function assertTidy(recording: Recording): void {
  assert.equal(recording.framesLeft, 0, 'frames were left open');
  assert.ok(
    recording.encoders.every((state) => state === 'closed'),
    `encoders were left ${recording.encoders.join()}`,
  );
  assert.equal(recording.clocksArePatched, false);
}

interface Probe {
  streams: {
    codec_name: string;
    width: number;
    height: number;
    nb_read_frames: string;
    r_frame_rate: string;
    pix_fmt: string;
    color_range: string;
    color_space: string;
  }[];
  packets: { pts_time: string }[];
  format: { duration: string };
}

/** What ffprobe says of the file, where it is installed. */
function probe(recording: Recording): Probe | undefined {
  if (spawnSync('which', ['ffprobe']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'unflat-video-'));
  try {
    const path = join(folder, `video${recording.suffix}`);
    writeFileSync(path, Buffer.from(recording.base64, 'base64'));
    const run = spawnSync(
      'ffprobe',
      ['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-show_packets', '-of', 'json', path],
      { encoding: 'utf8' },
    );
    assert.equal(run.stderr, '');
    return JSON.parse(run.stdout) as Probe;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('every move becomes a video of the asked length, as ffprobe and the browser see it', async (t) => {
  for (const product of ['zoom-in', 'dolly-zoom-in', 'circle', 'swing']) {
    const recording = await recordOn(product);
    assert.equal(recording.error, undefined);
    assertTidy(recording);
    assert.equal(recording.framesGiven, 12);
    assert.match(recording.suffix, new RegExp(`^_${product}\\.(mp4|webm)$`));
    assert.ok(recording.fractions.length >= 12 && recording.fractions.at(-1) === 1);
    assert.ok(recording.fractions.every((value, i, all) => i === 0 || value >= all[i - 1]!));

    const { cameras } = shotOf(product, syntheticScene(SMALL), OPTIONS);
    const seen = await page.evaluate(([base64, type, views]) => play(base64, type, views), [
      recording.base64,
      recording.type,
      cameras,
    ] as const);
    assert.deepEqual([seen.width, seen.height], [160, 120]);
    assert.ok(Math.abs(seen.duration - 0.5) < 0.01, `${seen.duration} s`);
    for (const difference of seen.differences) assert.ok(difference < 6, `pictures differ by ${difference} of 255`);

    const found = probe(recording);
    if (!found) {
      t.diagnostic('ffprobe is not installed');
      continue;
    }
    const stream = found.streams[0]!;
    assert.equal(stream.codec_name, recording.suffix.endsWith('.mp4') ? 'h264' : 'vp9');
    assert.deepEqual([stream.width, stream.height, stream.nb_read_frames, stream.r_frame_rate], [160, 120, '12', '24/1']);
    assert.deepEqual([stream.pix_fmt, stream.color_range, stream.color_space], ['yuv420p', 'tv', 'bt709']);
    const times = found.packets.map((packet) => Number(packet.pts_time));
    times.forEach((time, i) => assert.ok(Math.abs(time - i / 24) < 0.0011, `frame ${i} at ${time} s`));
  }
});

test('WebM with VP9 on request, at odd rates', async () => {
  const recording = await recordOn('swing', { format: 'webm', fps: 7, frames: 9, quality: 'small' });
  assert.equal(recording.error, undefined);
  assertTidy(recording);
  assert.equal(recording.suffix, '_swing.webm');
  assert.equal(recording.type, 'video/webm');
  const stream = probe(recording)?.streams[0];
  if (stream) assert.deepEqual([stream.codec_name, stream.nb_read_frames], ['vp9', '9']);
});

test('a cancel in the middle rejects with its own reason and leaves nothing open', async () => {
  for (const abortAt of [1, 5]) {
    const recording = await recordOn('circle', { frames: 400 }, { abortAt });
    assert.equal(recording.error, 'Error: enough');
    assertTidy(recording);
    assert.ok(recording.framesGiven <= abortAt + 1, `${recording.framesGiven} frames`);
  }
});

test('a renderer that fails is told to the person, and nothing is left open', async () => {
  const recording = await recordOn('circle', {}, { failAt: 3 });
  assert.match(recording.error ?? '', /^UnflatError: The video “circle” could not be encoded \(the lamp went out\); try/);
  assertTidy(recording);
});

test('nothing was asked for from outside, nothing complained', () => {
  assert.deepEqual(said, []);
  for (const from of asked) assert.match(from, /^(http:(localhost|127\.0\.0\.1)|(blob|data):.*)$/);
});
