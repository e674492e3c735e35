/** onnxruntime-web and nothing else: what a run takes at the least. */
import * as ort from 'onnxruntime-web/wasm';

let run: (() => Promise<unknown>) | undefined;

self.onmessage = async ({ data }: MessageEvent<'run' | { url: string; threads: number }>) => {
  const start = performance.now();
  if (data === 'run') await run!();
  else {
    ort.env.wasm.numThreads = data.threads;
    ort.env.wasm.wasmPaths = {
      mjs: new URL('/bench-ort/ort-wasm-simd-threaded.mjs', location.href).href,
      wasm: new URL('/bench-ort/ort-wasm-simd-threaded.wasm', location.href).href,
    };
    const session = await ort.InferenceSession.create(new Uint8Array(await (await fetch(data.url)).arrayBuffer()), {
      executionProviders: ['wasm'],
    });
    const dims = session.inputMetadata[0]!.isTensor ? (session.inputMetadata[0]!.shape as number[]) : [];
    const values = new Float32Array(dims.reduce((product, length) => product * length, 1)).map((_, i) => (i % 255) / 255);
    run = () => session.run({ [session.inputNames[0]!]: new ort.Tensor('float32', values, dims) });
    await run();
  }
  self.postMessage(performance.now() - start);
};
