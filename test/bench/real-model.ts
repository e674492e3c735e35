/** The real model at hand, in the browser, against reference depth: its raw answers, and what upsampling and sharpening make of them. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { modelServer } from '../helpers/model-server.ts';
import { REFERENCE_WHDR, cannotScore, offerRealModel, photoNames, predict, scoreTable } from '../helpers/real-model.ts';

/** @param folder where the depth maps are written as NPY, for a look at them. */
export async function benchRealModel(folder: string): Promise<void> {
  const reason = cannotScore();
  if (reason) return console.log(`\nReal model: left out, ${reason}.`);
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  const server = await modelServer();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'modelPage' in globalThis);
    const model = await offerRealModel(server, page);
    const names = photoNames();
    console.log(
      `\nReal model: ${model} on ${names.length} photos; reference WHDR ${Object.entries(REFERENCE_WHDR)
        .map(([set, value]) => `${set} ${value}`)
        .join(', ')}`,
    );
    const raw = join(folder, 'raw');
    for (const [name, settings] of Object.entries(VARIANTS)) {
      const final = join(folder, name.replaceAll(' ', '-'));
      const { runMs, depthMs } = await predict(page, model, names, { ...(name === FIRST && { raw }), final }, settings);
      if (name === FIRST) console.log(`what the model says\n${scoreTable(raw)}`);
      console.log(`${name} (run ${middle(runMs).toFixed(0)} ms, depth stage ${middle(depthMs).toFixed(0)} ms)\n${scoreTable(final)}`);
    }
    console.log(`The maps are in ${folder}`);
  } finally {
    await browser.close();
    server.close();
  }
}

const FIRST = 'as the app does it';
const VARIANTS: Record<string, object> = {
  [FIRST]: {},
  'along outlines': { depthOptions: { edges: true } },
  'looking twice': { depthOptions: { mirror: true } },
};

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
