import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { modelSizeWords, type ModelInfo } from '../../core/index.ts';
import { icons } from '../icons.ts';
import { downloadWords, missingWords } from '../download-words.ts';
import { hostOf } from '../host-of.ts';
import { isByHand } from '../is-by-hand.ts';
import type { Models } from '../models.ts';
import { usedWords } from '../used-words.ts';
import { strings } from '../strings.ts';

/** What a person may do with a model; see `modelRow`. */
export interface ModelRowHooks {
  models: Models;
  /** 'radio' where one of several sources is chosen, 'button' where a first one is looked for. */
  pick: 'radio' | 'button';
  /** Id of the model that is in use. */
  current?: string | undefined;
  onUse(id: string): void;
  onFetch(id: string): void;
}

/** A figure from 1 to 5 as five dots. */
function marks(label: string, value: number): TemplateResult {
  return html`<span class="mark" role="img" aria-label=${strings.models.marks(label, value)}
    ><span aria-hidden="true">${label}</span>${[1, 2, 3, 4, 5].map((each) => html`<i class=${each <= value ? 'on' : ''}></i>`)}</span
  >`;
}

/** One model in plain words, with what can be done about it. Its styles are `modelRowStyles`. */
export function modelRow(info: ModelInfo, hooks: ModelRowHooks, tag = ''): TemplateResult {
  const { row, state } = info;
  const { models } = hooks;
  const fetching = models.isFetching(row.id);
  const download = models.downloads.get(row.id);
  const radio = hooks.pick === 'radio' && state === 'ready';
  // Which file of a model is recommended here is a detail, and stands with them.
  const short = tag ? row.label.replace(/, .*$/, '') : row.label;
  const name = html`<span class="name">${short}${tag ? html` <span class="tag">${tag}</span>` : nothing}</span>`;
  const about = `about-${row.id}`;
  const again = !fetching && download?.problem !== undefined;
  return html`<li class="model ${again ? 'again' : ''}" data-model=${row.id} data-state=${fetching ? 'fetching' : state}>
    ${
      radio
        ? html`<label class="what"
            ><input
              type="radio"
              name="from"
              aria-describedby=${about}
              .checked=${live(hooks.current === row.id)}
              @change=${() => hooks.onUse(row.id)}
            />${name}</label
          >`
        : html`<div class="what"><span class="place" aria-hidden="true"></span>${name}</div>`
    }
    ${action(info, hooks, fetching)}
    <p class="about muted" id=${about}>${row.about}</p>
    <p class="facts muted figures">
      ${info.isOwn ? nothing : html`${marks(strings.models.quality, row.quality)}${marks(strings.models.speed, row.speed)}`}
      <span>${facts(info, row.label.slice(short.length + 2))}</span>
    </p>
    ${fetching ? progress(info, models) : nothing}
    ${again ? html`<p class="problem" role="alert">${icons.warning}<span>${withLinks(download?.problem ?? '')}</span></p>` : nothing}
  </li>`;
}

/** A message whose addresses can be followed; they are long, so the file's name stands for each. */
function withLinks(message: string): unknown[] {
  return message
    .split(/(https:\/\/[^\s)]+)/)
    .map((part, index) =>
      index % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part.split('/').pop()}</a>` : part,
    );
}

function facts({ row, state, isOwn, isPassing, usedAt, storedBytes }: ModelInfo, variant: string): string {
  const licence = `${variant ? `${variant} · ` : ''}${isOwn ? strings.models.ownFile : (row.licence?.replaceAll(' AND ', ', ') ?? strings.models.noLicence)}`;
  if (row.embedded) return `${modelSizeWords(row)} · ${licence} · ${strings.models.bundled}`;
  if (state === 'ready') return `${modelSizeWords(row)} · ${licence} · ${isPassing ? strings.models.thisVisitOnly : usedWords(usedAt)}`;
  const part = state === 'partial' && storedBytes > 0 ? ` · ${strings.models.partly}` : '';
  return `${isByHand(row) ? `${modelSizeWords(row)} · ` : ''}${licence} · ${strings.models.from(hostOf(row))}${part}`;
}

function action(info: ModelInfo, { models, pick, onUse, onFetch }: ModelRowHooks, fetching: boolean): TemplateResult | typeof nothing {
  const { row, state, storedBytes } = info;
  if (fetching) {
    return html`<button
      class="icon quiet act"
      aria-label=${strings.models.stop(row.label)}
      title=${strings.models.stopHelp}
      @click=${() => models.cancel(row.id)}
    >
      ${icons.close}
    </button>`;
  }
  if (state === 'ready')
    return pick === 'radio' ? nothing : html`<button class="act" @click=${() => onUse(row.id)}>${strings.models.use}</button>`;
  if (isByHand(row)) {
    const url = row.files.find((file) => file.url)?.url;
    return html`<a
      class="act"
      href=${url ?? nothing}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${strings.models.getFileOf(row.label)}
      >${strings.models.getFile}</a
    >`;
  }
  const size = missingWords(info);
  const again = models.downloads.get(row.id)?.problem !== undefined;
  const verb = again ? strings.models.tryAgain : storedBytes > 0 ? strings.models.resume : strings.models.download;
  const { about } = strings.models;
  const [isAbout, figure] = size.startsWith(about) ? [true, size.slice(about.length)] : [false, size];
  // The words on the button are part of its name: who speaks to the machine says what is seen.
  return html`<button class="act" ?disabled=${!models.online} @click=${() => onFetch(row.id)}>
    <span>${verb} <span class="spoken">${row.label},</span></span>
    <span class="figures size"
      >${isAbout ? html`<span class="spoken">${about}</span><span aria-hidden="true">~ </span>` : nothing}${figure}<span class="spoken">
        ${strings.models.from(hostOf(row))}</span
      ></span
    >
  </button>`;
}

function progress({ row }: ModelInfo, models: Models): TemplateResult {
  const now = models.downloads.get(row.id)?.progress;
  const known = now && now.totalBytes ? now.receivedBytes / now.totalBytes : undefined;
  return html`<div class="download">
    <progress max="1" value=${known ?? nothing} aria-label=${strings.models.downloading(row.label)}></progress>
    <p class="muted figures">${now ? downloadWords(now) : strings.models.asking(hostOf(row))}</p>
  </div>`;
}
