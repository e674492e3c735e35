import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { STAGES, type Stage } from '../../core/index.ts';
import { depthWords } from '../depth-words.ts';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import { placeWords } from '../ran-words.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { countWords, timeWords } from '../time-words.ts';
import { UnhurriedElement } from '../unhurried-element.ts';

/** What ran for the open photo, how long it took, and what came out. */
@customElement('photo-details')
export class PhotoDetails extends UnhurriedElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        font-size: 13px;
      }
      summary {
        font-size: 14px;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 5px 16px;
        padding-bottom: 12px;
      }
      dt {
        color: var(--muted);
      }
      dd {
        text-align: right;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .times {
        padding-top: 10px;
        border-top: 1px solid var(--line);
      }
      .told {
        display: grid;
        gap: 6px;
        padding-bottom: 12px;
        color: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  /** What was opened at the panel's foot should be seen. */
  #onToggle(event: Event): void {
    if ((event.target as HTMLDetailsElement).open) this.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const { open, coming } = this.desk;
    if (!open || this.desk.other3d) return html``;
    const { report } = open;
    const model = report.depthModel;
    const times = Object.entries(report.timesMs) as [Stage, number][];
    const total = times.reduce((sum, [, ms]) => sum + ms, 0);
    return html`<details ?hidden=${coming !== undefined} @toggle=${this.#onToggle}>
      <summary>${icons.turn}${strings.details.title}</summary>
      <dl class="figures">
        <dt>${strings.details.file}</dt>
        <dd>${open.input.photo.name}</dd>
        <dt>${strings.details.photo}</dt>
        <dd>${strings.details.size(report.originalWidth, report.originalHeight)}</dd>
        <dt>${strings.details.workingSize}</dt>
        <dd>${strings.details.size(report.width, report.height)}</dd>
        <dt>${strings.details.layers}</dt>
        <dd>${report.layers}</dd>
        <dt>${strings.details.triangles}</dt>
        <dd>${countWords(report.triangles)}</dd>
        <dt>${strings.details.depthFrom}</dt>
        <dd>${depthWords(open)}</dd>
        ${
          model
            ? html`<dt>${strings.details.ran}</dt>
                <dd>${placeWords(model.provider, model.threads)}</dd>
                <dt>${strings.details.runTime}</dt>
                <dd>${timeWords(model.runMs)}</dd>
                <dt>${strings.details.startTime}</dt>
                <dd>${model.sessionMs > 0 ? timeWords(model.sessionMs) : strings.details.alreadyLoaded}</dd>`
            : nothing
        }
        <dt>${strings.details.filledInBy}</dt>
        <dd>${this.desk.isSaved ? strings.details.inFile : report.inpaint.label}</dd>
        ${
          report.inpaint.model
            ? html`<dt>${strings.details.ran}</dt>
                <dd>${placeWords(report.inpaint.model.provider, report.inpaint.model.threads)}</dd>
                <dt>${strings.details.runs}</dt>
                <dd>${strings.details.runsIn(report.inpaint.runs, timeWords(report.inpaint.model.runMs))}</dd>`
            : nothing
        }
      </dl>
      <dl class="figures times">
        ${times.map(
          ([stage, ms]) =>
            html`<dt>${STAGES[stage].words}</dt>
              <dd>${timeWords(ms)}</dd>`,
        )}
        <dt>${report.stored ? strings.details.totalStored : strings.details.total}</dt>
        <dd>${timeWords(total)}</dd>
      </dl>
      <ul class="told">
        ${[...report.warnings, ...report.notes].map((text) => html`<li>${text}</li>`)}
      </ul>
    </details>`;
  }
}
