/**
 * Elements of a page that show 3D at the same time. Browsers have 8 to 16 graphics contexts for a page, and take them from whoever had
 * theirs first without asking.
 */
const MOST_AWAKE = 6;
/** Scenes that elements have opened or converted themselves and hold at the same time: some 30 MB each at 960 pixels. */
const MOST_SCENES = 12;
/** Bytes of the scenes that are held, and of those that are shown in 3D: a card takes about as much for one as the page does. The first one may be larger. */
const MOST_BYTES = 768 * 2 ** 20;
/** How far beyond the visible part of the page an element counts as near, in parts of its size. Chromium adds both margins below. */
const MARGIN = '50%';

/** An element of the page, as the others' work is divided with it. */
export interface PageMember {
  readonly element: Element;
  /** It has come near the visible part of the page, or has left it far behind. Closed details and what is not displayed are far. */
  onNear(isNear: boolean): void;
  /** It may show 3D from now on. */
  wake(): void;
  /** Others are nearer: it gives its graphics back, if it had any, and keeps its picture. */
  rest(): void;
  /** Lets go of a scene that it can open or convert again. The picture stays. */
  forget(): void;
}

interface State {
  isNear: boolean;
  /** It has a scene to show. */
  wants: boolean;
  isAwake: boolean;
  /** It holds a scene that it can let go of. */
  holds: boolean;
  /** Those of its scene. */
  bytes: number;
  /** When somebody pointed at it or gave it the focus, and when it was near last; both count up. */
  usedAt: number;
  leftAt: number;
}

/** Divides what a page has only so much of (graphics contexts, memory) among the elements on it: those near the view get it. */
export class PageViews {
  readonly #members = new Map<PageMember, State>();
  readonly #byElement = new WeakMap<Element, PageMember>();
  #near: IntersectionObserver | undefined;
  #inView: IntersectionObserver | undefined;
  #isSettling = false;
  #count = 0;

  /** Call when the element comes onto the page. */
  enter(member: PageMember): void {
    if (this.#members.has(member)) return;
    this.#members.set(member, { isNear: false, wants: false, isAwake: false, holds: false, bytes: 0, usedAt: 0, leftAt: 0 });
    this.#byElement.set(member.element, member);
    this.#near ??= new IntersectionObserver((entries) => this.#moved(entries), {
      rootMargin: MARGIN,
      // Also within boxes that scroll, where browsers know that; others pass over it.
      ...({ scrollMargin: MARGIN } as object),
    });
    this.#inView ??= new IntersectionObserver(() => this.#settleSoon());
    this.#near.observe(member.element);
    this.#inView.observe(member.element);
  }

  /** Call when it has left the page, with all that it held given back. */
  leave(member: PageMember): void {
    if (!this.#members.delete(member)) return;
    this.#near?.unobserve(member.element);
    this.#inView?.unobserve(member.element);
    this.#settleSoon();
  }

  isNear(member: PageMember): boolean {
    return this.#members.get(member)?.isNear ?? false;
  }

  /** Says whether it has a scene to show, how large that is, and whether it can let go of it. */
  tell(member: PageMember, { wants, holds, bytes }: Pick<State, 'wants' | 'holds' | 'bytes'>): void {
    const state = this.#members.get(member);
    if (!state) return;
    state.wants = wants;
    state.holds = holds;
    state.bytes = bytes;
    // Whoever has nothing to show has given its graphics back.
    if (!wants) state.isAwake = false;
    this.#settleSoon();
  }

  /** Somebody points at it: it comes before others in view. */
  use(member: PageMember): void {
    const state = this.#members.get(member);
    if (!state) return;
    state.usedAt = ++this.#count;
    if (!state.isAwake) this.#settleSoon();
  }

  #moved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const member = this.#byElement.get(target);
      const state = member && this.#members.get(member);
      if (!state || state.isNear === isIntersecting) continue;
      state.isNear = isIntersecting;
      if (!isIntersecting) state.leftAt = ++this.#count;
      member.onNear(isIntersecting);
    }
    this.#settleSoon();
  }

  #settleSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      this.#settle();
    });
  }

  #settle(): void {
    const ranked = [...this.#members]
      .filter(([, { wants, isAwake, holds }]) => wants || isAwake || holds)
      .map(([member, state]) => ({ member, state, distance: state.isNear ? distanceToView(member.element) : Infinity }))
      .sort(nearestFirst);
    const candidates = ranked.filter(({ state }) => state.isAwake || (state.wants && state.isNear));
    const chosen = new Set(candidates.slice(0, countThatFits(candidates, MOST_AWAKE)));
    for (const each of ranked) {
      if (!each.state.isAwake || chosen.has(each)) continue;
      each.state.isAwake = false;
      each.member.rest();
    }
    const holders = ranked.filter(({ state: { holds } }) => holds);
    for (const { member, state } of holders.slice(countThatFits(holders, MOST_SCENES))) {
      if (state.isNear) continue;
      if (state.isAwake) member.rest();
      Object.assign(state, { isAwake: false, wants: false, holds: false, bytes: 0 });
      member.forget();
    }
    for (const each of ranked) if (each.state.wants && each.state.isNear && !chosen.has(each)) each.member.rest();
    for (const { member, state } of chosen) {
      if (state.isAwake || !state.wants) continue;
      state.isAwake = true;
      member.wake();
    }
  }
}

/** Those of this page. */
export const pageViews = new PageViews();

/** How far an element is from the visible part of the page, in CSS pixels; 0 = some of it is in view. */
export function distanceToView(element: Element): number {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return Math.hypot(Math.max(0, left - innerWidth, -right), Math.max(0, top - innerHeight, -bottom));
}

interface Ranked {
  state: State;
  /** Infinity where it is not even near. */
  distance: number;
}

/** How many of them, from the first on, have room: at least one. */
function countThatFits(ranked: readonly Ranked[], most: number): number {
  let bytes = 0;
  const over = ranked.findIndex(({ state }, n) => n >= most || ((bytes += state.bytes) > MOST_BYTES && n > 0));
  return over < 0 ? ranked.length : over;
}

/** Of those in view one keeps its place until somebody uses another one; of those far away the last that was near comes first. */
function nearestFirst(a: Ranked, b: Ranked): number {
  if (a.distance !== b.distance) return a.distance - b.distance;
  if (a.distance === Infinity) return b.state.leftAt - a.state.leftAt;
  return b.state.usedAt - a.state.usedAt || Number(b.state.isAwake) - Number(a.state.isAwake);
}
