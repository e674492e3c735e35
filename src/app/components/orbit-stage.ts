import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { UP_AXES, loadOrbitView, type OrbitView, type UpAxis } from '../../orbit-viewer/index.ts';
import { sizeWords } from '../../core/index.ts';
import type { Desk } from '../desk.ts';
import type { Other3d } from '../desk-types.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { orbitStageStyles } from '../styles/orbit-stage.ts';
import { shared } from '../styles/shared.ts';
import { countWords, extentWords } from '../time-words.ts';
import { Watch } from '../watch.ts';
import './run-progress.ts';
import { stageButtons } from './stage-buttons.ts';

function axisWords(axis: UpAxis): string {
  const letter = axis.slice(-1).toUpperCase();
  return axis.startsWith('-') ? strings.other3d.down(letter) : letter;
}

const KINDS = { mesh: strings.other3d.mesh, points: strings.other3d.pointCloud, splats: strings.other3d.gaussianSplats } as const;

/**
 * A 3D file that is no 3D photo, in a view that turns around it, and what it is.
 * @fires toggle-full-screen
 * @fires shown with the canvas when its first picture is on it.
 * @fires unshown with the error when it cannot be shown.
 */
@customElement('orbit-stage')
export class OrbitStage extends LitElement {
  static override styles = [shared, orbitStageStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) other!: Other3d;
  @property({ type: Boolean, reflect: true, attribute: 'full-screen' }) fullScreen = false;
  @state() private view: OrbitView | undefined;
  @query('.frame') private frame!: HTMLElement;
  @query('.tools') private tools!: HTMLElement;
  @query('.facts') private facts!: HTMLElement | null;

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('other')) void this.#show(this.other);
  }

  override render() {
    const { view, other } = this;
    return html`
      <div class="frame">
        <div class="tools">
          ${
            view
              ? html`<label class="glass"
                  >${strings.other3d.up}
                  <select @change=${this.#onUp}>
                    ${UP_AXES.map((axis) => html`<option value=${axis} ?selected=${axis === view.up}>${axisWords(axis)}</option>`)}
                  </select></label
                >`
              : nothing
          }
          ${stageButtons(
            !view,
            () => view?.reset(),
            this.fullScreen,
            () => this.dispatchEvent(new Event('toggle-full-screen')),
          )}
          ${
            this.desk.open
              ? html`<button
                  class="icon glass"
                  aria-label=${strings.other3d.close(this.desk.open.title)}
                  title=${strings.other3d.close(this.desk.open.title)}
                  @click=${() => this.desk.closeOther3d()}
                >
                  ${icons.close}
                </button>`
              : nothing
          }
        </div>
        ${
          view
            ? html`<div class="facts glass figures">
                <p><strong>${KINDS[view.facts.kind]}</strong> · ${this.#counts(view)} · ${sizeWords(other.sizeBytes)}</p>
                <p>${this.#size(view)}</p>
                <p class="not">${strings.other3d.not}</p>
              </div>`
            : nothing
        }
      </div>
      <run-progress .desk=${this.desk}></run-progress>
    `;
  }

  #counts({ facts }: OrbitView): string {
    const { kind, count, triangles } = facts;
    if (kind === 'mesh') return strings.other3d.meshCounts(countWords(count), countWords(triangles));
    return kind === 'points' ? strings.other3d.points(countWords(count)) : strings.other3d.splats(countWords(count));
  }

  #size({ facts }: OrbitView): string {
    const [x, y, z] = facts.size;
    return strings.other3d.size(extentWords(x), extentWords(y), extentWords(z));
  }

  #onUp(event: Event): void {
    if (!this.view) return;
    this.view.up = (event.target as HTMLSelectElement).value as UpAxis;
    this.view.reset();
    this.requestUpdate();
  }

  /** A canvas of its own for each file: what a canvas held is given back with it. */
  async #show(other: Other3d): Promise<void> {
    this.#end();
    const canvas = Object.assign(document.createElement('canvas'), { tabIndex: 0 });
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', strings.other3d.alt(other.title));
    this.frame.prepend(canvas);
    const isCurrent = (): boolean => this.other === other && this.isConnected;
    let drawn = (): void => undefined;
    const isDrawn = new Promise<void>((resolve) => (drawn = resolve));
    try {
      const View = await loadOrbitView();
      if (!isCurrent()) return canvas.remove();
      const view = await View.open(canvas, other.prepared, other.title, {
        onFirstFrame: () => {
          this.dispatchEvent(new CustomEvent<HTMLCanvasElement>('shown', { detail: canvas }));
          drawn();
        },
      });
      if (!isCurrent()) {
        view.dispose();
        return canvas.remove();
      }
      this.view = view;
      await this.updateComplete;
      await isDrawn;
      if (!isCurrent()) return;
      // The list of recent files has it in the middle; here it keeps clear of what lies over it.
      const gap = this.tools.offsetTop;
      const { offsetHeight: top } = this.tools;
      view.covered = { top: top + 2 * gap, bottom: (this.facts?.offsetHeight ?? 0) + 2 * gap };
      canvas.toggleAttribute('data-shown', true);
    } catch (error) {
      canvas.remove();
      if (this.other === other) this.dispatchEvent(new CustomEvent<unknown>('unshown', { detail: error }));
    }
  }

  #end(): void {
    this.view?.canvas.remove();
    this.view?.dispose();
    this.view = undefined;
  }
}
