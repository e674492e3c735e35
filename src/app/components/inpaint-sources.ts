import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { Desk } from '../desk.ts';
import { KeepFocus } from '../keep-focus.ts';
import { strings } from '../strings.ts';
import { depthSourcesStyles } from '../styles/depth-sources.ts';
import { modelRowStyles } from '../styles/model-row.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { modelRow, type ModelRowHooks } from './model-row.ts';
import { modelNotices, ownModel } from './own-model.ts';
import './stored-models.ts';

/** Who may inpaint the open photo's hidden parts: what is always here, each model, the person's own. */
@customElement('inpaint-sources')
export class InpaintSources extends LitElement {
  static override styles = [shared, modelRowStyles, depthSourcesStyles];

  @property({ attribute: false }) desk!: Desk;
  /** Inpainters that need no model. */
  @property({ attribute: false }) plain: readonly PluginInfo[] = [];

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
  }

  override render() {
    const { models, open } = this.desk;
    if (!open) return nothing;
    const hooks: ModelRowHooks = {
      models,
      pick: 'radio',
      current: this.desk.wished.inpainter,
      onUse: (id) => void this.desk.useInpainter(id),
      onFetch: (id) => void this.desk.fetchInpaintModel(id),
    };
    return html`<fieldset>
      <legend class="spoken">${strings.inpaint.by}</legend>
      <ul class="models">
        ${this.plain.map((plugin) => this.#plain(plugin))}
      </ul>
      <h3 aria-level="2">${strings.inpaint.byModel}</h3>
      ${modelNotices(models)}
      <ul class="models">
        ${models.inpaintModels.map((info) => modelRow(info, hooks))}
      </ul>
      ${ownModel(models)}
      <stored-models .models=${models}></stored-models>
    </fieldset>`;
  }

  #plain({ id, label, about }: PluginInfo): TemplateResult {
    return html`<li class="model" data-inpainter=${id}>
      <label class="what"
        ><input
          type="radio"
          name="from"
          aria-describedby="about-${id}"
          .checked=${live(this.desk.wished.inpainter === id)}
          @change=${() => void this.desk.useInpainter(id)}
        /><span class="name">${label}</span></label
      >
      <p class="about muted" id="about-${id}">${about || strings.inpaint.noModelNeeded}</p>
    </li>`;
  }
}
