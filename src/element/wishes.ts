import type { Fit, Look, Renderer } from '../viewer/index.ts';

/** Attributes as the page has set them. */
interface Asked {
  /** null or undefined, here and below = the default. */
  fit: string | null | undefined;
  motion: string | null | undefined;
  strength: number | null | undefined;
  renderer: string | null | undefined;
}

/** What an element is asked for, without what makes no sense: that is ignored, and said once on the console. */
export class Wishes {
  readonly #said = new Set<string>();

  /** Default for what is not understood: contain, auto, 1, auto. */
  of(asked: Asked): { fit: Fit; motion: 'auto' | 'none'; strength: number; renderer: Renderer } {
    const fit = asked.fit ?? 'contain';
    const motion = asked.motion ?? 'auto';
    const renderer = asked.renderer ?? 'auto';
    this.#expect(fit === 'contain' || fit === 'cover', 'fit', 'must be contain or cover', fit);
    this.#expect(motion === 'auto' || motion === 'none', 'motion', 'must be auto or none', motion);
    const isRenderer = renderer === 'hardware' || renderer === 'software';
    this.#expect(isRenderer || renderer === 'auto', 'renderer', 'must be auto, hardware or software', renderer);
    const amount = asked.strength ?? 1;
    const isAmount = this.#expect(amount >= 0 && amount <= 1, 'strength', 'must be a number from 0 to 1', amount);
    return {
      fit: fit === 'cover' ? 'cover' : 'contain',
      motion: motion === 'none' ? 'none' : 'auto',
      strength: isAmount ? amount : amount > 1 ? 1 : amount < 0 ? 0 : 1,
      renderer: isRenderer ? renderer : 'auto',
    };
  }

  /** Whether a camera can go there. */
  isLook(method: string, { x, y, z }: Look): boolean {
    return this.#expect([x, y, z].every(Number.isFinite), method, 'needs finite numbers', [x, y, z]);
  }

  #expect(isSo: boolean, name: string, rule: string, got: unknown): boolean {
    if (!isSo && !this.#said.has(name)) console.warn(`<unflat-photo>: ${name} ${rule}, got ${String(got)}; it is ignored.`);
    if (!isSo) this.#said.add(name);
    return isSo;
  }
}
