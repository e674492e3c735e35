/** Neighbours of a node at most: right, left, below, above. */
export const SIDES = 4;

const FREE = -1;
const ROOT = -2;
const NO_PARENT = -3;

/**
 * Minimum cut of a graph whose nodes have up to four neighbours each, by two trees that grow towards each other (Boykov and Kolmogorov,
 * "An experimental comparison of min-cut/max-flow algorithms for energy minimization in vision", 2004). Keeps its buffers from graph to graph.
 */
export class MaxFlow {
  /** For each node and side the node there, −1 = none. Side `k` of one is side `k ^ 1` of the other. */
  neighbour = new Int32Array(0);
  /** For each node and side: what may still flow to the node there. */
  capacity = new Float32Array(0);
  /** For each node: from the source (above 0) or to the sink (below 0). */
  terminal = new Float32Array(0);
  #count = 0;
  #parent = new Int8Array(0);
  #isSink = new Uint8Array(0);
  #isQueued = new Uint8Array(0);
  #stamp = new Int32Array(0);
  #distance = new Int32Array(0);
  #queue = new Int32Array(0);
  #orphans: number[] = [];

  /** Begins a graph of `count` nodes without edges. */
  begin(count: number): void {
    this.#count = count;
    if (this.terminal.length < count) {
      const room = Math.ceil(count * 1.5);
      this.neighbour = new Int32Array(room * SIDES);
      this.capacity = new Float32Array(room * SIDES);
      this.terminal = new Float32Array(room);
      this.#parent = new Int8Array(room);
      this.#isSink = new Uint8Array(room);
      this.#isQueued = new Uint8Array(room);
      this.#stamp = new Int32Array(room);
      this.#distance = new Int32Array(room);
      this.#queue = new Int32Array(room + 1);
    }
    this.neighbour.fill(-1, 0, count * SIDES);
    this.capacity.fill(0, 0, count * SIDES);
    this.terminal.fill(0, 0, count);
  }

  /** Whether a node lies on the sink's side of the cut. */
  isOnSinkSide(node: number): boolean {
    return this.#parent[node] !== FREE && this.#isSink[node] === 1;
  }

  run(): void {
    const count = this.#count;
    const { neighbour, capacity, terminal } = this;
    const parent = this.#parent;
    const isSink = this.#isSink;
    const isQueued = this.#isQueued;
    const queue = this.#queue;
    const size = queue.length;
    let head = 0;
    let tail = 0;
    let time = 0;
    const push = (node: number) => {
      if (isQueued[node]) return;
      isQueued[node] = 1;
      queue[tail] = node;
      tail = tail + 1 === size ? 0 : tail + 1;
    };
    for (let i = 0; i < count; i++) {
      isQueued[i] = 0;
      this.#stamp[i] = 0;
      this.#distance[i] = 1;
      parent[i] = FREE;
      if (terminal[i] === 0) continue;
      parent[i] = ROOT;
      isSink[i] = terminal[i]! < 0 ? 1 : 0;
      push(i);
    }
    while (head !== tail) {
      const i = queue[head]!;
      if (parent[i] === FREE) {
        isQueued[i] = 0;
        head = head + 1 === size ? 0 : head + 1;
        continue;
      }
      let meets = -1;
      const sink = isSink[i]!;
      for (let k = 0; k < SIDES; k++) {
        const j = neighbour[i * SIDES + k]!;
        if (j < 0) continue;
        const open = sink ? capacity[j * SIDES + (k ^ 1)]! : capacity[i * SIDES + k]!;
        if (open <= 0) continue;
        if (parent[j] === FREE) {
          isSink[j] = sink;
          parent[j] = k ^ 1;
          this.#stamp[j] = this.#stamp[i]!;
          this.#distance[j] = this.#distance[i]! + 1;
          push(j);
        } else if (isSink[j] !== sink) {
          meets = k;
          break;
        } else if (this.#stamp[j]! <= this.#stamp[i]! && this.#distance[j]! > this.#distance[i]!) {
          parent[j] = k ^ 1;
          this.#stamp[j] = this.#stamp[i]!;
          this.#distance[j] = this.#distance[i]! + 1;
        }
      }
      if (meets < 0) {
        isQueued[i] = 0;
        head = head + 1 === size ? 0 : head + 1;
        continue;
      }
      time++;
      const j = neighbour[i * SIDES + meets]!;
      if (sink) this.#augment(j, meets ^ 1);
      else this.#augment(i, meets);
      this.#adopt(time, push);
    }
  }

  /** Sends what fits from the source through `from`, its side `side` and on to the sink. */
  #augment(from: number, side: number): void {
    const { neighbour, capacity, terminal } = this;
    const parent = this.#parent;
    const to = neighbour[from * SIDES + side]!;
    let flow = capacity[from * SIDES + side]!;
    let i = from;
    for (; parent[i]! >= 0;) {
      const k = parent[i]!;
      const j = neighbour[i * SIDES + k]!;
      flow = Math.min(flow, capacity[j * SIDES + (k ^ 1)]!);
      i = j;
    }
    flow = Math.min(flow, terminal[i]!);
    for (i = to; parent[i]! >= 0;) {
      const k = parent[i]!;
      flow = Math.min(flow, capacity[i * SIDES + k]!);
      i = neighbour[i * SIDES + k]!;
    }
    flow = Math.min(flow, -terminal[i]!);
    capacity[from * SIDES + side]! -= flow;
    capacity[to * SIDES + (side ^ 1)]! += flow;
    for (i = from; parent[i]! >= 0;) {
      const k = parent[i]!;
      const j = neighbour[i * SIDES + k]!;
      capacity[i * SIDES + k]! += flow;
      capacity[j * SIDES + (k ^ 1)]! -= flow;
      if (capacity[j * SIDES + (k ^ 1)]! <= 0) {
        parent[i] = NO_PARENT;
        this.#orphans.push(i);
      }
      i = j;
    }
    terminal[i]! -= flow;
    if (terminal[i]! <= 0) {
      parent[i] = NO_PARENT;
      this.#orphans.push(i);
    }
    for (i = to; parent[i]! >= 0;) {
      const k = parent[i]!;
      const j = neighbour[i * SIDES + k]!;
      capacity[j * SIDES + (k ^ 1)]! += flow;
      capacity[i * SIDES + k]! -= flow;
      if (capacity[i * SIDES + k]! <= 0) {
        parent[i] = NO_PARENT;
        this.#orphans.push(i);
      }
      i = j;
    }
    terminal[i]! += flow;
    if (terminal[i]! >= 0) {
      parent[i] = NO_PARENT;
      this.#orphans.push(i);
    }
  }

  /** Finds new parents for nodes that lost theirs, or sets them free. */
  #adopt(time: number, push: (node: number) => void): void {
    const { neighbour, capacity } = this;
    const parent = this.#parent;
    const isSink = this.#isSink;
    const orphans = this.#orphans;
    for (let n = 0; n < orphans.length; n++) {
      const i = orphans[n]!;
      const sink = isSink[i]!;
      let best = FREE;
      let nearest = Infinity;
      for (let k = 0; k < SIDES; k++) {
        const j = neighbour[i * SIDES + k]!;
        if (j < 0 || parent[j] === FREE || isSink[j] !== sink) continue;
        if ((sink ? capacity[i * SIDES + k]! : capacity[j * SIDES + (k ^ 1)]!) <= 0) continue;
        const d = this.#toRoot(j, time);
        if (d >= nearest) continue;
        nearest = d;
        best = k;
      }
      if (best !== FREE) {
        parent[i] = best;
        this.#stamp[i] = time;
        this.#distance[i] = nearest + 1;
        continue;
      }
      for (let k = 0; k < SIDES; k++) {
        const j = neighbour[i * SIDES + k]!;
        if (j < 0 || parent[j] === FREE || isSink[j] !== sink) continue;
        if ((sink ? capacity[i * SIDES + k]! : capacity[j * SIDES + (k ^ 1)]!) > 0) push(j);
        if (parent[j] === (k ^ 1)) {
          parent[j] = NO_PARENT;
          orphans.push(j);
        }
      }
      parent[i] = FREE;
    }
    orphans.length = 0;
  }

  /** Steps from a node to the terminal of its tree, Infinity if its tree has been cut off. */
  #toRoot(node: number, time: number): number {
    const parent = this.#parent;
    let d = 0;
    let i = node;
    for (;;) {
      if (this.#stamp[i] === time) {
        d += this.#distance[i]!;
        break;
      }
      const k = parent[i]!;
      d++;
      if (k === ROOT) {
        this.#stamp[i] = time;
        this.#distance[i] = 1;
        break;
      }
      if (k < 0) return Infinity;
      i = this.neighbour[i * SIDES + k]!;
    }
    const total = d;
    for (i = node; this.#stamp[i] !== time;) {
      this.#stamp[i] = time;
      this.#distance[i] = d--;
      i = this.neighbour[i * SIDES + parent[i]!]!;
    }
    return total;
  }
}
