import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { UnflatPhoto } from '../../element/index.ts';
import '../../element/index.ts';
import { Edge } from '../edge.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { compareViewStyles } from '../styles/compare-view.ts';
import { inpaintCompareStyles } from '../styles/inpaint-compare.ts';
import { shared } from '../styles/shared.ts';
import type { OpenPhoto, Rival } from '../desk.ts';

/** How the camera is held: to one side, where the hidden parts show, or as it sways. */
export type Hold = 'left' | 'right' | 'sway';

/** As far to the side as the camera goes without being bent back. */
const ASIDE = 0.8;

/** Views that differ by less are one; nothing is drawn then. */
const SAME = 1e-7;

const HOLDS: readonly { hold: Hold; label: string; icon: TemplateResult }[] = [
  { hold: 'left', label: strings.compare.fromLeft, icon: icons.left },
  { hold: 'sway', label: strings.compare.sway, icon: icons.sway },
  { hold: 'right', label: strings.compare.fromRight, icon: icons.right },
];

/**
 * Two ways to inpaint one photo under one camera: the photo below is left of an edge, the other one right of it. Hand and keys move the
 * photo as ever, and both follow.
 * @fires hold-change with a Hold as detail.
 */
@customElement('inpaint-compare')
export class InpaintCompare extends LitElement {
  static override styles = [shared, compareViewStyles, inpaintCompareStyles];

  @property({ attribute: false }) open!: OpenPhoto;
  @property({ attribute: false }) rival!: Rival;
  /** The photo below, whose camera counts. */
  @property({ attribute: false }) photo: UnflatPhoto | undefined;
  @state() private at = 50;
  @state() private hold: Hold = 'right';
  @state() private ready = false;
  @query('unflat-photo') private other!: UnflatPhoto;
  readonly #edge = new Edge(this, (at) => (this.at = at));
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
    void this.updateComplete.then(() => this.#setHold(this.hold));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  override render() {
    const { at } = this;
    const [left, right] = [this.open.report.inpaint.label, this.rival.report.inpaint.label];
    const mayMove = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    return html`
      <unflat-photo
        inert
        fit="cover"
        .scene=${this.rival.scene}
        motion="none"
        ?data-ready=${this.ready}
        @load=${() => (this.ready = true)}
      ></unflat-photo>
      <p class="label at-left" ?hidden=${at < 15} aria-hidden="true">${left}</p>
      <p class="label at-right" ?hidden=${at > 85} aria-hidden="true">${right}</p>
      <div
        class="edge first"
        role="slider"
        tabindex="0"
        aria-label=${strings.compare.edge(left, right)}
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(at)}
        aria-valuetext=${strings.compare.sharesOf(left, Math.round(at), right, Math.round(100 - at))}
        @pointerdown=${this.#edge.grab}
        @pointermove=${this.#edge.drag}
        @keydown=${(event: KeyboardEvent) => this.#edge.key(event, at)}
      >
        <span class="knob"
          ><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 7-5 5 5 5M15 7l5 5-5 5" /></svg
        ></span>
      </div>
      <div class="bar" role="group" aria-label=${strings.compare.camera}>
        ${HOLDS.map(({ hold, label, icon }) =>
          hold === 'sway' && !mayMove
            ? nothing
            : html`<button
                class="icon"
                aria-label=${label}
                title=${label}
                aria-pressed=${this.hold === hold}
                @click=${() => this.#setHold(hold)}
              >
                ${icon}
              </button>`,
        )}
      </div>
    `;
  }

  override updated(): void {
    // Not in the template: the page's policy forbids style attributes.
    this.style.setProperty('--a', `${this.at}%`);
  }

  #setHold(hold: Hold): void {
    this.hold = hold;
    this.dispatchEvent(new CustomEvent<Hold>('hold-change', { detail: hold }));
    if (hold !== 'sway') this.photo?.setLook(hold === 'left' ? -ASIDE : ASIDE, 0);
  }

  /** What the photo's camera does, the other one does in the same frame or the next. */
  readonly #follow = (): void => {
    this.#frame = requestAnimationFrame(this.#follow);
    const { photo, other } = this;
    if (!photo || !other) return;
    const [here, there] = [photo.look, other.look];
    if (Math.hypot(here.x - there.x, here.y - there.y, here.z - there.z) < SAME) return;
    other.showLook(here);
  };
}
