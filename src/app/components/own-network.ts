import { html, nothing, type TemplateResult } from 'lit';
import { pickModelFiles, pickModelFolder } from '../files/pick-model-files.ts';
import { icons } from '../icons.ts';
import type { Models } from '../models.ts';

/** What the person should know before choosing a network. Its styles are `modelRowStyles`. */
export function networkNotices(models: Models): TemplateResult {
  return html`${models.online ? nothing : html`<p class="notice">${icons.info}<span>This device is offline. Models on it work; others can be downloaded when it is online again.</span></p>`}
  ${models.problem ? html`<p class="problem" role="alert">${icons.warning}<span>${models.problem}</span></p>` : nothing}`;
}

/** Ways to bring a network of one's own. Its styles are `depthSourcesStyles`. */
export function ownNetwork(models: Models): TemplateResult {
  const offer = async (picking: Promise<File[]>): Promise<void> => {
    const files = await picking;
    if (files.length) await models.offer(files);
  };
  return html`<div class="own">
    <p class="muted">Your own model, as an <code>.onnx</code> file: choose it, or drop it anywhere.</p>
    <button @click=${() => offer(pickModelFiles())}>${icons.file}Model file</button>
    <button @click=${() => offer(pickModelFolder())} title="For a model whose data is in a file beside it">${icons.folder}Folder</button>
  </div>`;
}
