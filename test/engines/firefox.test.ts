import { testEngine } from './app-in-engine.ts';

await testEngine('firefox', { video: true });
