import { LitElement, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { Desk } from '../desk.ts';
import { KeepFocus } from '../keep-focus.ts';
import { depthSourcesStyles } from '../styles/depth-sources.ts';
import { modelRowStyles } from '../styles/model-row.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { modelNotices, ownModel } from './own-model.ts';
import './stored-models.ts';

/** A choice for the open photo among plugins, models and the person's own model. */
export abstract class SourceChoice extends LitElement {
  static override styles = [shared, modelRowStyles, depthSourcesStyles];

  @property({ attribute: false }) desk!: Desk;
  /** Plugins to choose from that need no model. */
  @property({ attribute: false }) plain: readonly PluginInfo[] = [];

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
  }

  /** @param legend what is chosen, spoken. @param plain, byModel rows of either kind. @param more what stands below the models. */
  protected choice(legend: string, plain: unknown, title: string, byModel: unknown, more?: unknown): TemplateResult {
    const { models } = this.desk;
    return html`<fieldset>
      <legend class="spoken">${legend}</legend>
      <ul class="models">
        ${plain}
      </ul>
      <h3 aria-level="2">${title}</h3>
      ${modelNotices(models)}
      <ul class="models">
        ${byModel}
      </ul>
      ${more} ${ownModel(models)}
      <stored-models .models=${models}></stored-models>
    </fieldset>`;
  }

  /** One choice that is no model. */
  protected plainRow(id: string, name: string, about: string, isChosen: boolean, onChoose: () => void): TemplateResult {
    return html`<li class="model" data-from=${id}>
      <label class="what"
        ><input type="radio" name="from" aria-describedby="about-${id}" .checked=${live(isChosen)} @change=${onChoose} /><span class="name"
          >${name}</span
        ></label
      >
      <p class="about muted" id="about-${id}">${about}</p>
    </li>`;
  }
}
