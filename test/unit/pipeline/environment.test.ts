import assert from 'node:assert/strict';
import { test } from 'node:test';
import { videoEncoderCrashes } from '../../../src/pipeline/detect-environment.ts';

test('only WebKit on Linux is kept from asking its video encoder', () => {
  const agents = {
    webkitGtk: ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15', 'Linux x86_64'],
    safari: [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      'MacIntel',
    ],
    iPhone: [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'iPhone',
    ],
    chromium: ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36', 'Linux x86_64'],
    firefox: ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Linux x86_64'],
  };
  const crash = Object.entries(agents).filter(([, [userAgent, platform]]) =>
    videoEncoderCrashes({ userAgent: userAgent!, platform: platform! }),
  );
  assert.deepEqual(
    crash.map(([name]) => name),
    ['webkitGtk'],
  );
  assert.equal(videoEncoderCrashes(), false);
});
