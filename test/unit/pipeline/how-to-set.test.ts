import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../plugins/depth-map/index.ts';
import { parseCommandLine } from '../../../src/cli/parse-command-line.ts';
import { howToSet } from '../../../src/pipeline/how-to-set.ts';
import { NO_INFERENCE } from '../../../src/pipeline/inference-service.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { resolveSettings } from '../../../src/pipeline/resolve-settings.ts';
import { greyPng, jpegFile } from '../../fixtures/depth-files.ts';
import { decodeInNode, photoOf } from '../../fixtures/plugin-context.ts';
import { scene, photoRaster } from '../../fixtures/run-depth-map.ts';

/** A note of the run that opens a map which is white = far. */
async function noteOn(surface: 'app' | 'command-line' | 'element' | undefined, settings = {}): Promise<string> {
  const pipeline = new Pipeline({
    plugins: { 'depth-map': async () => ({ default: depthMap }) },
    decodePhoto: async (file) => ({ photo: photoOf(decodeInNode(file), file.name), warnings: [], notes: [] }),
    decodeImage: async (file) => decodeInNode(file),
    inference: NO_INFERENCE,
    ...(surface && { surface }),
  });
  const files = { photo: { name: 'photo.jpg', bytes: jpegFile(photoRaster) }, map: { name: 'map.png', bytes: greyPng(scene, 8, true) } };
  const { report } = await pipeline.depthOf(files, resolveSettings(settings));
  return report.notes.join(' ');
}

test('a note says how to swap near and far where the person is', async () => {
  assert.match(await noteOn(undefined), /If it looks inside out, choose “Swap near and far”\./);
  assert.match(await noteOn('app'), /If it looks inside out, choose “Swap near and far”\./);
  assert.match(await noteOn('command-line'), /If it looks inside out, use --flip\./);
  assert.match(
    await noteOn('element'),
    /If it looks inside out, set the element’s property settings to \{ depthOptions: \{ flip: true \} \}\./,
  );
});

test('options in the words of each surface: the labels of the controls, flags that there are, settings', () => {
  const say = (surface: 'app' | 'command-line' | 'element' | 'script', id: string, value?: string | boolean): string =>
    howToSet(surface, 'depthOptions', depthMap, id, value);
  assert.equal(say('app', 'layout', 'none'), 'set “Depth beside the photo” to “No”');
  assert.equal(say('app', 'turn'), 'change “Turn the map”');
  assert.equal(say('element', 'layout', 'none'), "set the element’s property settings to { depthOptions: { layout: 'none' } }");
  assert.equal(say('script', 'layout', 'none'), "set the option settings to { depthOptions: { layout: 'none' } }");
  assert.equal(
    say('element', 'turn'),
    "set the element’s property settings to { depthOptions: { turn: 'none' or '90' or '180' or '270' or … } }",
  );
  for (const [id, value] of [
    ['flip', true],
    ['layout', 'none'],
    ['layout', 'left'],
    ['turn', '90'],
    ['colours', 'jet'],
    ['polarity', 'near-black'],
  ] as const) {
    const flag = say('command-line', id, value).replace(/^use /, '');
    const parsed = parseCommandLine(['photo.jpg', ...flag.split(' ')]);
    assert.ok(typeof parsed === 'object' && 'depthOptions' in parsed, flag);
    assert.deepEqual(parsed.depthOptions, { [id]: value }, flag);
  }
  const mine = { id: 'depth-mine', options: [] };
  assert.equal(howToSet('command-line', 'depthOptions', mine, 'radius', 5), 'use --set depth-mine.radius=5');
  assert.equal(howToSet('command-line', 'depthOptions', mine, 'sharp', false), 'use --set depth-mine.sharp=false');
});
