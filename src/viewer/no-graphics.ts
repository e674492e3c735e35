import { UnflatError } from '../core/index.ts';

/** What is said where there is no WebGL2. */
export function noGraphics(cause?: unknown): UnflatError {
  return new UnflatError(
    'graphics-unavailable',
    'The 3D view needs WebGL2, which this browser does not offer; switch on hardware acceleration or use a current browser.',
    { cause },
  );
}
