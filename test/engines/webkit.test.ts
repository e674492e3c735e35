import { testEngine } from './app-in-engine.ts';

// WebKitGTK's VideoEncoder ends the page's process when it is asked what it supports.
await testEngine('webkit', { video: false });
