/** The models' worker as the app has it, with models in memory. */
import { ortRuntimes, serveInference } from '../../src/inference/index.ts';
import { MemoryModels } from '../fixtures/memory-models.ts';

// Shared memory is in no heap's count, so it is counted here.
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};
Object.assign(globalThis, { wasmBytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) });

const query = new URL(location.href).searchParams;
serveInference({
  source: () => new MemoryModels(),
  runtimes: ortRuntimes({
    files: new URL('/ort/', location.href),
    softwareGpu: query.has('gpu'),
    ...(query.has('threads') && { threads: Number(query.get('threads')) }),
  }),
});
