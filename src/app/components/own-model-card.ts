import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { pictureWords, sizeWords, type ModelRow } from '../../core/index.ts';
import type { ModelGuess, OwnModelAnswers } from '../../inference/index.ts';
import type { OptionSpec } from '../../plugin-api/index.ts';
import type { Desk } from '../desk.ts';
import { pickModelFiles, pickModelFolder } from '../files/pick-model-files.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import type { OwnDraft } from '../models.ts';
import { strings } from '../strings.ts';
import { cardStyles } from '../styles/card.ts';
import { controls } from '../styles/controls.ts';
import { modelRowStyles } from '../styles/model-row.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

type Question = ModelGuess['unsure'][number];

/** What the loader may not be able to read out of the file, asked in plain words. */
const QUESTIONS: Readonly<Record<Question, Extract<OptionSpec, { type: 'choice' }>>> = {
  meaning: {
    id: 'meaning',
    label: strings.ownModel.meaning,
    type: 'choice',
    default: 'disparity',
    choices: [
      { value: 'disparity', label: strings.ownModel.disparity },
      { value: 'depth', label: strings.ownModel.depth },
      { value: 'metric', label: strings.ownModel.metric },
    ],
    help: strings.ownModel.meaningHelp,
  },
  values: {
    id: 'values',
    label: strings.ownModel.values,
    type: 'choice',
    default: '0..1',
    choices: [
      { value: '0..1', label: strings.ownModel.zeroToOne },
      { value: 'imagenet', label: strings.ownModel.imagenet },
      { value: '-1..1', label: strings.ownModel.minusOneToOne },
      { value: '0..255', label: strings.ownModel.zeroTo255 },
    ],
    help: strings.ownModel.valuesHelp,
  },
  channels: {
    id: 'channels',
    label: strings.ownModel.channels,
    type: 'choice',
    default: 'rgb',
    choices: [
      { value: 'rgb', label: strings.ownModel.rgb },
      { value: 'bgr', label: strings.ownModel.bgr },
    ],
  },
  mask: {
    id: 'mask',
    label: strings.ownModel.mask,
    type: 'choice',
    default: 'fill',
    choices: [
      { value: 'fill', label: strings.ownModel.fillThis },
      { value: 'keep', label: strings.ownModel.keepThis },
    ],
    help: strings.ownModel.maskHelp,
  },
  gives: {
    id: 'gives',
    label: strings.ownModel.gives,
    type: 'choice',
    default: '0..1',
    choices: [
      { value: '0..1', label: strings.ownModel.zeroToOne },
      { value: '-1..1', label: strings.ownModel.minusOneToOne },
      { value: '0..255', label: strings.ownModel.zeroTo255 },
    ],
    help: strings.ownModel.givesHelp,
  },
};

/** Takes a person's own model file: what it seems to be, the few questions left, or why it cannot be taken. */
@customElement('own-model-card')
export class OwnModelCard extends LitElement {
  static override styles = [
    shared,
    controls,
    modelRowStyles,
    cardStyles,
    css`
      .problem {
        font-size: 14px;
        padding: 0;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  @state() private answers: OwnModelAnswers = {};
  #files: readonly File[] | undefined;

  constructor() {
    super();
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.desk.models.forgetDraft());
  }

  override firstUpdated(): void {
    void this.desk.models.load();
    this.shadowRoot?.querySelector('h2')?.focus();
  }

  override willUpdate(): void {
    const files = this.desk.models.draft?.files;
    if (files !== this.#files) this.answers = {};
    this.#files = files;
  }

  override render() {
    const { draft } = this.desk.models;
    if (!draft) return nothing;
    const bytes = draft.files.reduce((sum, file) => sum + file.size, 0);
    return html`<section class="card" aria-labelledby="title">
      <div class="head">
        <span class="glyph">${icons.model}</span>
        <div>
          <h2 id="title" tabindex="-1">${strings.ownModel.title}</h2>
          <p class="muted what-file">${nameOf(draft)} · <span class="figures">${sizeWords(bytes)}</span></p>
        </div>
      </div>
      ${draft.problem ? html`<p class="problem" role="alert">${icons.warning}<span>${draft.problem}</span></p>` : nothing}
      ${draft.guess ? this.#questions(draft.guess) : draft.problem ? nothing : html`<p class="muted" role="status">${strings.ownModel.reading}</p>`}
      <div class="actions">
        ${
          draft.guess
            ? html`<button class="primary" ?disabled=${draft.busy} @click=${this.#take}>
                ${draft.busy ? strings.ownModel.adding : this.#verb()}
              </button>`
            : draft.problem
              ? html`<button class="primary" @click=${() => this.#offer(pickModelFiles())}>
                    ${icons.file}${strings.ownModel.anotherFile}
                  </button>
                  <button @click=${() => this.#offer(pickModelFolder())}>${icons.folder}${strings.ownModel.folder}</button>`
              : nothing
        }
        <button class=${draft.guess ? '' : 'quiet'} ?disabled=${draft.busy} @click=${() => this.desk.models.forgetDraft()}>
          ${strings.ownModel.cancel}
        </button>
      </div>
    </section>`;
  }

  #verb(): string {
    return this.desk.waiting || this.desk.open ? strings.ownModel.addAndUse : strings.ownModel.add;
  }

  #questions({ row, unsure }: ModelGuess): TemplateResult {
    const specs = unsure.map((id) => ({ ...QUESTIONS[id], default: guessed(row, id) ?? QUESTIONS[id].default }));
    const known = this.desk.models.find(row.id);
    if (known && !known.isOwn) return html`<p>${strings.ownModel.known(row.label)}</p>`;
    return html`<p class="muted">${found(row)}</p>
      <div class="field row">
        <label for="label">${strings.ownModel.name}</label>
        <input
          id="label"
          type="text"
          maxlength="60"
          .value=${this.answers.label ?? row.label}
          @input=${(event: Event) => this.#name((event.target as HTMLInputElement).value)}
        />
      </div>
      <option-controls
        .specs=${specs}
        .values=${this.#values()}
        @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#answer(detail)}
      ></option-controls>`;
  }

  #values(): Record<string, string> {
    const { label: _, ...answers } = this.answers;
    return answers;
  }

  #name(label: string): void {
    const { label: _, ...rest } = this.answers;
    this.answers = label.trim() ? { ...rest, label: label.trim() } : rest;
  }

  #answer({ id, value }: OptionChange): void {
    this.answers = { ...this.answers, [id]: value };
  }

  readonly #take = async (): Promise<void> => {
    const info = await this.desk.models.take(this.answers);
    if (info) await (info.row.kind === 'inpaint' ? this.desk.useInpainter(info.row.id) : this.desk.useModel(info.row.id));
  };

  async #offer(picking: Promise<File[]>): Promise<void> {
    const files = await picking;
    if (files.length) await this.desk.models.offer(files);
  }
}

function nameOf({ files }: OwnDraft): string {
  const main = files.find(({ name }) => /\.onnx$/i.test(name)) ?? files[0];
  return files.length > 1 ? strings.ownModel.andMore(main?.name ?? '', files.length - 1) : (main?.name ?? '');
}

function guessed(row: ModelRow, id: Question): string | undefined {
  if (id === 'meaning') return row.output.meaning;
  if (id === 'channels') return row.input.channels;
  if (id === 'mask') return (row.input.mask?.fill ?? 1) === 0 ? 'keep' : 'fill';
  const { range, mean } = id === 'gives' ? { range: row.output.range ?? [0, 1], mean: [0] } : row.input;
  if (range[1] === 255) return '0..255';
  if (mean[0] === 0) return range[0] === -1 ? '-1..1' : '0..1';
  return mean[0] === mean[1] ? '-1..1' : 'imagenet';
}

/** What was read out of the file. */
function found({ input, output }: ModelRow): string {
  const pictures = pictureWords(input.size);
  if (output.meaning === 'colour') return strings.ownModel.foundInpaint(pictures);
  return output.meaning === 'points' ? strings.ownModel.foundPoints(pictures) : strings.ownModel.foundDepth(pictures);
}
