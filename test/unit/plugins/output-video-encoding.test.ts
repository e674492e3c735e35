import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { chooseEncoding } from '../../../plugins/shared/video/encoding.ts';
import type { UnflatError } from '../../../src/core/index.ts';

type Way = 'works' | 'throws' | 'fails later' | 'gives nothing';

let closed = 0;

/** A browser that says that it supports everything; `wayOf` says what comes of it. */
function browser(wayOf: (codec: string) => Way): void {
  closed = 0;
  class FakeEncoder {
    state = 'unconfigured';
    #way: Way = 'works';
    readonly #init: VideoEncoderInit;
    static readonly isConfigSupported = async () => ({ supported: true });
    constructor(init: VideoEncoderInit) {
      this.#init = init;
    }
    configure({ codec }: VideoEncoderConfig): void {
      this.state = 'configured';
      this.#way = wayOf(codec);
    }
    encode(): void {
      if (this.#way === 'throws') throw new DOMException('no', 'OperationError');
      if (this.#way === 'works') this.#init.output({} as EncodedVideoChunk, {});
    }
    async flush(): Promise<void> {
      if (this.#way !== 'fails later') return;
      this.state = 'closed';
      this.#init.error(new DOMException('no device', 'EncodingError'));
      await new Promise(() => {});
    }
    close(): void {
      this.state = 'closed';
      closed++;
    }
  }
  Object.assign(globalThis, {
    VideoEncoder: FakeEncoder,
    VideoFrame: class {
      close(): void {}
    },
  });
}

afterEach(() => {
  for (const name of ['VideoEncoder', 'VideoFrame']) delete (globalThis as Record<string, unknown>)[name];
});

const picture = { width: 640, height: 480, fps: 30 };

for (const way of ['throws', 'fails later', 'gives nothing'] as const) {
  test(`an encoder that says it is supported and ${way} is passed over`, async () => {
    browser((codec) => (codec.startsWith('avc1') ? way : 'works'));
    const { container, codec } = await chooseEncoding(picture, 'auto', 'standard');
    assert.deepEqual([container, codec], ['webm', 'vp9']);
  });
}

test('the best one that works is taken, and what was tried is closed', async () => {
  browser((codec) => (codec.startsWith('avc1.64') ? 'throws' : 'works'));
  const { codecString } = await chooseEncoding(picture, 'auto', 'standard');
  assert.match(codecString, /^avc1\.4d40/);
  assert.equal(closed, 2);
});

test('where none works it is said before anything was rendered', async () => {
  browser(() => 'fails later');
  const error = await chooseEncoding(picture, 'mp4', 'standard').then(
    () => assert.fail(),
    (reason: unknown) => reason as UnflatError,
  );
  assert.equal(error.code, 'unsupported');
  assert.match(error.message, /cannot encode H\.264 video of 640 × 480.*another format/);
});
