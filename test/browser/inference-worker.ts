/** The networks' worker as the app has it, with models in memory. */
import { ortRuntimes, serveInference } from '../../src/inference/index.ts';
import { MemoryModels } from '../fixtures/memory-models.ts';

const query = new URL(location.href).searchParams;
serveInference({
  source: () => new MemoryModels(),
  runtimes: ortRuntimes({ files: new URL('/ort/', location.href), softwareGpu: query.has('gpu'), ...(query.has('threads') && { threads: Number(query.get('threads')) }) }),
});
