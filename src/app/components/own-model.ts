import { html, nothing, type TemplateResult } from 'lit';
import { pickModelFiles, pickModelFolder } from '../files/pick-model-files.ts';
import { icons } from '../icons.ts';
import type { Models } from '../models.ts';
import { strings } from '../strings.ts';

/** What the person should know before choosing a model. Its styles are `modelRowStyles`. */
export function modelNotices(models: Models): TemplateResult {
  return html`${models.online ? nothing : html`<p class="notice">${icons.info}<span>${strings.models.offline}</span></p>`}
  ${models.problem ? html`<p class="problem" role="alert">${icons.warning}<span>${models.problem}</span></p>` : nothing}`;
}

/** Ways to bring a model of one's own. Its styles are `depthSourcesStyles`. */
export function ownModel(models: Models): TemplateResult {
  const offer = async (picking: Promise<File[]>): Promise<void> => {
    const files = await picking;
    if (files.length) await models.offer(files);
  };
  return html`<div class="own">
    <p class="muted">${strings.models.own}</p>
    <button @click=${() => offer(pickModelFiles())}>${icons.file}${strings.models.file}</button>
    <button @click=${() => offer(pickModelFolder())} title=${strings.models.folderHelp}>${icons.folder}${strings.models.folder}</button>
  </div>`;
}
