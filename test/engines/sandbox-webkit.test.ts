import { testSandbox } from './sandbox-in-engine.ts';

await testSandbox('webkit');
