/** Steps of the keyboard, in percent of the width. */
const STEP = 2;
const BIG_STEP = 10;

/** Where a key would move an edge that stands at `now`, in percent, 0..100; undefined for other keys. */
export function edgeByKey({ key, shiftKey }: KeyboardEvent, now: number): number | undefined {
  const step = shiftKey ? BIG_STEP : STEP;
  const places: Record<string, number> = {
    ArrowLeft: now - step,
    ArrowDown: now - step,
    ArrowRight: now + step,
    ArrowUp: now + step,
    PageDown: now - BIG_STEP,
    PageUp: now + BIG_STEP,
    Home: 0,
    End: 100,
  };
  const place = places[key];
  return place === undefined ? undefined : Math.min(100, Math.max(0, place));
}

/** Moves an upright edge over an element by hand and by keys; handlers for the edge's own events. */
export class Edge {
  readonly #over: Element;
  readonly #move: (place: number) => void;

  /** @param move gets the new place in percent of the element's width. */
  constructor(over: Element, move: (place: number) => void) {
    this.#over = over;
    this.#move = move;
  }

  readonly grab = (event: PointerEvent): void => {
    // The hand moves the edge now, not the 3D photo below.
    event.stopPropagation();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  readonly drag = (event: PointerEvent): void => {
    if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.#over.getBoundingClientRect();
    this.#move(Math.min(100, Math.max(0, ((event.clientX - left) / width) * 100)));
  };

  key(event: KeyboardEvent, now: number): void {
    const place = edgeByKey(event, now);
    if (place === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(place);
  }
}
