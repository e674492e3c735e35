import { LitElement, html, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Scene } from '../../core/index.ts';
import { Edge } from '../edge.ts';
import { strings } from '../strings.ts';
import { compareViewStyles } from '../styles/compare-view.ts';
import { flatImage, greyOf } from '../flat-image.ts';
import { shared } from '../styles/shared.ts';

/** The photo, its depth map and the 3D photo side by side over the stage; two edges between them are moved by hand or keys. */
@customElement('compare-view')
export class CompareView extends LitElement {
  static override styles = [shared, compareViewStyles];

  @property({ attribute: false }) scene: Scene | undefined;
  /** Where the photo ends and where the depth map ends, 0..100 from the left; the 3D photo is the rest. */
  @state() private edges: readonly [number, number] = [33, 67];
  @query('.photo') private photo!: HTMLCanvasElement;
  @query('.depth') private depth!: HTMLCanvasElement;
  readonly #handles = [new Edge(this, (place) => this.#move(0, place)), new Edge(this, (place) => this.#move(1, place))] as const;
  #drawn: Scene | undefined;

  override render() {
    const [a, b] = this.edges;
    return html`
      <canvas class="photo" aria-hidden="true"></canvas>
      <canvas class="depth" aria-hidden="true"></canvas>
      <p class="label at-photo" ?hidden=${a < 12} aria-hidden="true">${strings.compare.photo}</p>
      <p class="label at-depth" ?hidden=${b - a < 12} aria-hidden="true">${strings.compare.depth}</p>
      <p class="label at-3d" ?hidden=${b > 90} aria-hidden="true">${strings.compare.three}</p>
      ${this.#handle(0, strings.compare.firstEdge)} ${this.#handle(1, strings.compare.secondEdge)}
    `;
  }

  override updated(): void {
    const [a, b] = this.edges;
    // Not in the template: the page's policy forbids style attributes.
    this.style.setProperty('--a', `${a}%`);
    this.style.setProperty('--b', `${b}%`);
    if (this.scene && this.scene !== this.#drawn) void this.#draw(this.scene);
  }

  #handle(index: 0 | 1, label: string): TemplateResult {
    const [a, b] = this.edges;
    const words = strings.compare.shares(Math.round(a), Math.round(b - a), Math.round(100 - b));
    return html`<div
      class="edge ${index ? 'second' : 'first'}"
      role="slider"
      tabindex="0"
      aria-label=${label}
      aria-orientation="horizontal"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(this.edges[index])}
      aria-valuetext=${words}
      @pointerdown=${this.#handles[index].grab}
      @pointermove=${this.#handles[index].drag}
      @keydown=${(event: KeyboardEvent) => this.#handles[index].key(event, this.edges[index])}
    >
      <span class="knob"
        ><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 7-5 5 5 5M15 7l5 5-5 5" /></svg
      ></span>
    </div>`;
  }

  /** An edge that meets the other one takes it along. */
  #move(index: 0 | 1, to: number): void {
    const [a, b] = this.edges;
    this.edges = index === 0 ? [to, Math.max(to, b)] : [Math.min(a, to), to];
  }

  /** The pictures of the last scene stay until those of the next are drawn. */
  async #draw(scene: Scene): Promise<void> {
    this.#drawn = scene;
    const pictures = await Promise.all([createImageBitmap(flatImage(scene)), createImageBitmap(greyOf(scene.depth))]);
    for (const [index, canvas] of [this.photo, this.depth].entries()) {
      const picture = pictures[index]!;
      if (scene === this.#drawn) {
        canvas.width = picture.width;
        canvas.height = picture.height;
        canvas.getContext('2d')?.drawImage(picture, 0, 0);
      }
      picture.close();
    }
  }
}
