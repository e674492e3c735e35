/** The page's entry: the app, or, for the command line, the same machinery without a screen. */
import { createWorker } from './create-worker.ts';

if (location.hash.startsWith('#automation')) {
  const { startAutomation } = await import('./automation.ts');
  startAutomation(createWorker);
} else {
  await import('./unflat-app.ts');
  document.body.append(document.createElement('unflat-app'));
}
