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
import { networkNotices, ownNetwork } from './own-network.ts';
import './stored-models.ts';

/** Who may inpaint the open photo's hidden parts: what is always here, each model, the person's own. */
@customElement('fill-sources')
export class FillSources extends LitElement {
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
      onUse: (id) => void this.desk.useFiller(id),
      onFetch: (id) => void this.desk.fetchFiller(id),
    };
    return html`<fieldset>
      <legend class="spoken">${strings.fill.by}</legend>
      <ul class="models">
        ${this.plain.map((plugin) => this.#plain(plugin))}
      </ul>
      <h3 aria-level="2">${strings.fill.byModel}</h3>
      ${networkNotices(models)}
      <ul class="models">
        ${models.fillers.map((info) => modelRow(info, hooks))}
      </ul>
      ${ownNetwork(models)}
      <stored-models .models=${models}></stored-models>
    </fieldset>`;
  }

  #plain({ id, label, about }: PluginInfo): TemplateResult {
    return html`<li class="model" data-filler=${id}>
      <label class="what"
        ><input
          type="radio"
          name="from"
          aria-describedby="about-${id}"
          .checked=${live(this.desk.wished.inpainter === id)}
          @change=${() => void this.desk.useFiller(id)}
        /><span class="name">${label}</span></label
      >
      <p class="about muted" id="about-${id}">${about || strings.fill.noModelNeeded}</p>
    </li>`;
  }
}
