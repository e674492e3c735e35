import type { Look } from './framing.ts';

/** What the controls move. */
export interface Steered {
  /** Where the view is going. */
  goal(): Look;
  goTo(look: Look): void;
  /** A finger or button is down. */
  hold(held: boolean): void;
}

const KEY_STEP = 0.25;
/** Eyebox widths for a drag over the whole picture. */
const DRAG = 2.4;
const MOVES: Record<string, Partial<Look>> = {
  ArrowLeft: { x: -KEY_STEP },
  ArrowRight: { x: KEY_STEP },
  ArrowUp: { y: KEY_STEP },
  ArrowDown: { y: -KEY_STEP },
  '+': { z: KEY_STEP },
  '=': { z: KEY_STEP },
  '-': { z: -KEY_STEP },
};

/**
 * Drag, wheel, pinch, keys and double-click on a picture.
 * @param surface what is dragged, its size is the measure of a drag.
 * @param focus the element that takes the keys.
 * @returns lets go of all listeners.
 */
export function listenToControls(surface: HTMLElement, focus: HTMLElement, steered: Steered): () => void {
  const cleanup = new AbortController();
  const { signal } = cleanup;
  const pointers = new Map<number, { x: number; y: number }>();
  /** Where a finger went down that may become a tap; and when the last tap was. */
  let tap: { x: number; y: number } | undefined;
  let lastTap = -Infinity;

  const move = (by: Partial<Look>): void => {
    const goal = steered.goal();
    steered.goTo({ x: goal.x + (by.x ?? 0), y: goal.y + (by.y ?? 0), z: goal.z + (by.z ?? 0) });
  };
  const spread = (): number => {
    const [a, b] = [...pointers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };

  surface.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      tap = pointers.size === 1 ? { x: event.clientX, y: event.clientY } : undefined;
      capture(surface, event.pointerId);
      steered.hold(true);
    },
    { signal },
  );
  surface.addEventListener(
    'pointermove',
    (event) => {
      const last = pointers.get(event.pointerId);
      if (!last) return;
      const before = spread();
      const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const size = Math.max(1, Math.min(surface.clientWidth, surface.clientHeight));
      // The scene follows the hand: pulled to the right, one looks from the left.
      if (pointers.size === 1) move({ x: (-dx / size) * DRAG, y: (dy / size) * DRAG });
      else if (before > 0) move({ z: Math.log(Math.max(1, spread()) / before) * 2 });
    },
    { signal },
  );
  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size === 0) steered.hold(false);
  };
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) surface.addEventListener(type, release, { signal });

  surface.addEventListener('dblclick', () => steered.goTo({ x: 0, y: 0, z: 0 }), { signal });
  // Browsers send no dblclick for touches where touch-action forbids their own zoom.
  surface.addEventListener(
    'pointerup',
    (event) => {
      const isTap = tap && Math.hypot(event.clientX - tap.x, event.clientY - tap.y) < 12;
      if (event.pointerType === 'mouse' || !isTap) return;
      if (event.timeStamp - lastTap < 400) steered.goTo({ x: 0, y: 0, z: 0 });
      lastTap = event.timeStamp;
    },
    { signal },
  );
  surface.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !focus.matches(':focus, :focus-within') && pageScrolls()) return;
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      move({ z: -pixels * (event.ctrlKey ? 0.01 : 0.0015) });
    },
    { signal, passive: false },
  );
  focus.addEventListener(
    'keydown',
    (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const step = MOVES[event.key];
      if (step) move(step);
      else if (event.key === 'Home' || event.key === '0') steered.goTo({ x: 0, y: 0, z: 0 });
      else return;
      event.preventDefault();
    },
    { signal },
  );
  return () => {
    cleanup.abort();
    if (pointers.size > 0) steered.hold(false);
  };
}

/** A wheel over a picture on a long page belongs to the page, until the picture has been chosen. */
function pageScrolls(): boolean {
  const page = document.scrollingElement;
  return page !== null && page.scrollHeight > page.clientHeight + 1;
}

/** Keeps a drag that leaves the picture; a pointer made by a program cannot be caught. */
function capture(surface: HTMLElement, pointerId: number): void {
  try {
    surface.setPointerCapture(pointerId);
  } catch {
    return;
  }
}
