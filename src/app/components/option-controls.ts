import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { OptionSpec, OptionValues } from '../../plugin-api/index.ts';
import { groupsOf } from '../groups-of.ts';
import { isShown } from '../is-shown.ts';
import { optionValue } from '../option-value.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';
import { controls } from '../styles/controls.ts';
import type { Look } from '../../viewer/index.ts';
import './path-recorder.ts';

/** A change of one option. `settled` is false while a slider is still being dragged. */
export interface OptionChange {
  id: string;
  value: number | boolean | string;
  settled: boolean;
}

/** The two options that are a place in the photo. */
export interface PlaceOptions {
  x: Spec<'number'>;
  y: Spec<'number'>;
}

/** The three options of each frame that the person may drag over the photo. */
export interface FrameSpecs extends PlaceOptions {
  label: string;
  size: Spec<'number'>;
}

type Spec<T extends OptionSpec['type']> = Extract<OptionSpec, { type: T }>;

/** More steps than this and a slider is no longer a slider. */
const MOST_SLIDER_STEPS = 40;

/**
 * Builds the controls of a plugin from its described options.
 * @fires option-change with an OptionChange as detail.
 * @fires ask-frames with all frames' options, when the person wants to drag them over the photo.
 * @fires ask-place with the two options as detail, when the person wants to touch a point of the photo instead of moving two sliders.
 */
@customElement('option-controls')
export class OptionControls extends LitElement {
  static override styles = [
    shared,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      fieldset {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 8px;
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) specs: readonly OptionSpec[] = [];
  @property({ attribute: false }) values: OptionValues = {};
  /** Words for a number, where a figure would say less. */
  @property({ attribute: false }) format: (spec: OptionSpec, value: number) => string = (spec, value) =>
    `${value}${spec.type === 'number' && spec.unit ? ` ${spec.unit}` : ''}`;

  /** Where the person looks from, for paths that are recorded. */
  @property({ attribute: false }) lookNow: () => Look | undefined = () => undefined;

  override render() {
    const shown = this.specs.filter((spec) => isShown(spec, this.specs, this.values));
    return groupsOf(shown).map(({ group, specs }) =>
      group === undefined
        ? specs.map((spec) => this.#control(spec))
        : html`<fieldset>
            <legend>${group}</legend>
            ${specs.map((spec) => this.#control(spec))}
          </fieldset>`,
    );
  }

  #control(spec: OptionSpec): TemplateResult {
    if (spec.type === 'number' && spec.place === 'y') return html`${this.#number(spec)}${this.#placeButton(spec)}`;
    if (spec.type === 'number' && spec.place === 'size') return html`${this.#number(spec)}${this.#framesButton(spec)}`;
    if (spec.type === 'number') return this.#number(spec);
    if (spec.type === 'boolean') return this.#boolean(spec);
    if (spec.type === 'text') return this.#text(spec);
    if (spec.type === 'colour') return this.#colour(spec);
    if (spec.type === 'path') return this.#path(spec);
    return this.#choice(spec);
  }

  #number(spec: Spec<'number'>): TemplateResult {
    const value = Number(optionValue(spec, this.values));
    const step = spec.step ?? 1;
    if ((spec.max - spec.min) / step > MOST_SLIDER_STEPS) {
      return html`<div class="field row">
        <label for=${spec.id}>${spec.label}</label>
        <span class="number">
          <input
            id=${spec.id}
            class="figures"
            type="number"
            inputmode="decimal"
            min=${spec.min}
            max=${spec.max}
            step=${step}
            .value=${String(value)}
            aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
            @change=${(event: Event) => this.#settleNumber(event, spec)}
          />${spec.unit ? html`<span class="unit">${spec.unit}</span>` : nothing}
        </span>
        ${this.#help(spec)}
      </div>`;
    }
    return html`<div class="field">
      <div class="row">
        <label for=${spec.id}>${spec.label}</label>
        <output class="figures" for=${spec.id}>${this.format(spec, value)}</output>
      </div>
      <input
        id=${spec.id}
        type="range"
        min=${spec.min}
        max=${spec.max}
        step=${step}
        .value=${live(String(value))}
        aria-valuetext=${this.format(spec, value)}
        aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
        @input=${(event: Event) => this.#change(spec.id, (event.target as HTMLInputElement).valueAsNumber, false)}
        @change=${(event: Event) => this.#change(spec.id, (event.target as HTMLInputElement).valueAsNumber, true)}
      />
      ${this.#help(spec)}
    </div>`;
  }

  #boolean(spec: Spec<'boolean'>): TemplateResult {
    return html`<div class="field">
      <label class="switch">
        <span>${spec.label}</span>
        <input
          id=${spec.id}
          type="checkbox"
          role="switch"
          .checked=${live(Boolean(optionValue(spec, this.values)))}
          aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
          @change=${(event: Event) => this.#change(spec.id, (event.target as HTMLInputElement).checked, true)}
        />
      </label>
      ${this.#help(spec)}
    </div>`;
  }

  #text(spec: Spec<'text'>): TemplateResult {
    return html`<div class="field text">
      <label for=${spec.id}>${spec.label}</label>
      <input
        id=${spec.id}
        type="text"
        maxlength=${spec.maxLength ?? 1000}
        .value=${live(String(optionValue(spec, this.values)))}
        aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
        @change=${(event: Event) => this.#change(spec.id, (event.target as HTMLInputElement).value, true)}
      />
      ${this.#help(spec)}
    </div>`;
  }

  #colour(spec: Spec<'colour'>): TemplateResult {
    return html`<div class="field row">
      <label for=${spec.id}>${spec.label}</label>
      <input
        id=${spec.id}
        type="color"
        .value=${live(String(optionValue(spec, this.values)))}
        aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
        @change=${(event: Event) => this.#change(spec.id, (event.target as HTMLInputElement).value, true)}
      />
      ${this.#help(spec)}
    </div>`;
  }

  #path(spec: Spec<'path'>): TemplateResult {
    return html`<div class="field" role="group" aria-label=${spec.label}>
      <span>${spec.label}</span>
      <path-recorder
        .value=${String(optionValue(spec, this.values))}
        .lookNow=${this.lookNow}
        @path-change=${({ detail }: CustomEvent<string>) => this.#change(spec.id, detail, true)}
      ></path-recorder>
    </div>`;
  }

  #choice(spec: Spec<'choice'>): TemplateResult {
    const value = optionValue(spec, this.values);
    return html`<div class="field row">
      <label for=${spec.id}>${spec.label}</label>
      <select
        id=${spec.id}
        aria-describedby=${spec.help ? `${spec.id}-help` : nothing}
        @change=${(event: Event) => this.#change(spec.id, (event.target as HTMLSelectElement).value, true)}
      >
        ${spec.choices.map((choice) => html`<option value=${choice.value} .selected=${live(choice.value === value)}>${choice.label}</option>`)}
      </select>
      ${this.#help(spec)}
    </div>`;
  }

  #placeButton(y: Spec<'number'>) {
    const x = this.#placeOf('x', y.group);
    if (!x || this.#placeOf('size', y.group)) return nothing;
    const ask = (): boolean => this.dispatchEvent(new CustomEvent<PlaceOptions>('ask-place', { detail: { x, y } }));
    return html`<button class="quiet place" @click=${ask}>${strings.save.askPlace}</button>`;
  }

  #placeOf(place: 'x' | 'y' | 'size', group: string | undefined): Spec<'number'> | undefined {
    return this.specs.find((spec): spec is Spec<'number'> => spec.type === 'number' && spec.place === place && spec.group === group);
  }

  /** One for all frames, below the last one's options. */
  #framesButton(size: Spec<'number'>) {
    if (this.specs.findLast((spec) => spec.type === 'number' && spec.place === 'size') !== size) return nothing;
    const ask = (): void => {
      const frames = groupsOf(this.specs).flatMap(({ group }): FrameSpecs[] => {
        const [x, y, size] = [this.#placeOf('x', group), this.#placeOf('y', group), this.#placeOf('size', group)];
        return x && y && size ? [{ label: group ?? '', x, y, size }] : [];
      });
      this.dispatchEvent(new CustomEvent<FrameSpecs[]>('ask-frames', { detail: frames }));
    };
    return html`<button class="quiet place" @click=${ask}>${strings.save.askFrames}</button>`;
  }

  #help(spec: OptionSpec) {
    return spec.help ? html`<p class="muted help" id="${spec.id}-help">${spec.help}</p>` : nothing;
  }

  /** What is typed is brought into the option's range, and shown so. */
  #settleNumber(event: Event, spec: Spec<'number'>): void {
    const input = event.target as HTMLInputElement;
    const typed = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : spec.default;
    const step = spec.step ?? 1;
    const stepped = spec.min + Math.round((typed - spec.min) / step) * step;
    const value = Math.min(spec.max, Math.max(spec.min, Number(stepped.toFixed(6))));
    input.value = String(value);
    this.#change(spec.id, value, true);
  }

  #change(id: string, value: OptionChange['value'], settled: boolean): void {
    this.values = { ...this.values, [id]: value };
    this.dispatchEvent(new CustomEvent<OptionChange>('option-change', { detail: { id, value, settled }, bubbles: true, composed: true }));
  }
}
