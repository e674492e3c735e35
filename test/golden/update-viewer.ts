/** Draws the viewer's golden pictures anew: `node --import tsx test/golden/update-viewer.ts`. Look at them before you commit them. */
import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { goldenCases } from './viewer-cases.ts';
import { openViewerPage } from '../browser/viewer-browser.ts';

const { page, close } = await openViewerPage();
for (const { name } of goldenCases) {
  const { width, height, rgba } = await page.evaluate((golden) => viewerTests.golden(golden), name);
  writeFileSync(
    new URL(`viewer/${name}.png`, import.meta.url),
    encode({ width, height, data: new Uint8Array(Buffer.from(rgba, 'base64')), channels: 4, depth: 8 }),
  );
  console.log(`${name}.png  ${width} × ${height}`);
}
await close();
// The test runner that the browser helper leans on would wait for tests.
process.exit();
