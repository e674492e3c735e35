import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ModelInfo } from '../../core/index.ts';
import type { DepthFrom } from '../desk.ts';
import { MAP_TYPES } from '../files/choose-files.ts';
import { pickFiles } from '../files/listen-for-files.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { modelRow, type ModelRowHooks } from './model-row.ts';
import { SourceChoice } from './source-choice.ts';

/** Where the open photo's depth may come from: inside the photo, a map, each model; and what lies on this machine. */
@customElement('depth-sources')
export class DepthSources extends SourceChoice {
  override render() {
    const { models, open } = this.desk;
    if (!open) return nothing;
    const { recommended, own, builtIn, more } = models.sorted;
    const { from } = this.desk.wished;
    const hooks: ModelRowHooks = {
      models,
      pick: 'radio',
      current: from?.kind === 'model' ? from.model : undefined,
      onUse: (id) => void this.desk.useModel(id),
      onFetch: (id) => void this.desk.fetchModel(id),
    };
    const rows = (list: readonly ModelInfo[]): TemplateResult[] => list.map((info) => modelRow(info, hooks));
    const plain = html`${open.hasDepthInside ? this.#plain({ kind: 'inside' }, 'inside', strings.depth.inside, strings.depth.insideHelp) : nothing}
    ${this.#map()}
    ${this.plain.map(({ id, label, about }) => this.#plain({ kind: 'plugin', plugin: id }, id, label, about || strings.plugins.title))}`;
    const others = html`<details>
      <summary class="muted">${icons.turn}${strings.models.moreModels}</summary>
      <ul class="models">
        ${rows(more)}
      </ul>
    </details>`;
    return this.choice(
      strings.depth.from,
      plain,
      strings.depth.byModel,
      html`${recommended.map(({ tag, info }) => modelRow(info, hooks, tag))} ${rows(own)} ${rows(builtIn)}`,
      more.length ? others : nothing,
    );
  }

  #plain(from: DepthFrom, id: string, name: string, about: string): TemplateResult {
    const wished = this.desk.wished.from;
    const isChosen = wished?.kind === from.kind && (from.kind !== 'plugin' || wished.kind !== 'plugin' || wished.plugin === from.plugin);
    return this.plainRow(id, name, about, isChosen, () => this.#use(from));
  }

  #map(): TemplateResult {
    const map = this.desk.open?.input.map;
    if (!map) {
      return html`<li class="model" data-from="map">
        <div class="what"><span class="place" aria-hidden="true"></span><span class="name">${strings.depth.ownMap}</span></div>
        <button class="act quiet plain" aria-label=${strings.depth.useMap} @click=${this.#pickMap}>${strings.depth.chooseMap}</button>
        <p class="about muted">${strings.depth.mapHelp}</p>
      </li>`;
    }
    return html`<li class="model with" data-from="map">
      <label class="what"
        ><input
          type="radio"
          name="from"
          aria-describedby="about-map"
          .checked=${live(this.desk.wished.from?.kind === 'map')}
          @change=${() => this.#use({ kind: 'map' })}
        /><span class="name">${strings.depth.ownMap}</span></label
      >
      <button class="act quiet plain" aria-label=${strings.depth.replaceMap} @click=${this.#pickMap}>${strings.depth.replace}</button>
      <p class="about muted file" id="about-map">${map.name}</p>
    </li>`;
  }

  #use(from: DepthFrom): void {
    void this.desk.adjust({ ...this.desk.wished, from });
  }

  readonly #pickMap = async (): Promise<void> => {
    const [map] = await pickFiles(MAP_TYPES, false);
    if (map) await this.desk.useMap(map);
  };
}
