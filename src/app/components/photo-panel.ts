import { html, nothing, type TemplateResult } from 'lit';
import type { Desk, OpenPhoto } from '../desk.ts';
import { icons } from '../icons.ts';

/** What a panel says and shows of a photo. */
export interface PhotoPanelParts {
  /** Words where no photo is open, where one is being made, and where a 3D file of another program is open. */
  none: string;
  coming: (photo: string) => string;
  other: (file: string) => string;
  /** All of a photo that was made here. */
  opened: (open: OpenPhoto) => TemplateResult;
  /** All of a 3D photo that was opened from a file. */
  saved: (open: OpenPhoto) => TemplateResult;
}

/** The body of a panel about the open photo. Its styles are `depthPanelStyles`. */
export function photoPanel(desk: Desk, parts: PhotoPanelParts): TemplateResult {
  const { open, coming, other3d } = desk;
  if (other3d) return html`<p class="muted">${parts.other(other3d.title)}</p>`;
  const note = coming === undefined ? nothing : html`<p class="muted coming">${parts.coming(coming)}</p>`;
  if (!open) return coming === undefined ? html`<p class="muted">${parts.none}</p>` : html`${note}`;
  // Hidden, not gone: what was unfolded stays so.
  return html`${note}
    <div class="all" ?hidden=${coming !== undefined}>${desk.isSaved ? parts.saved(open) : parts.opened(open)}</div>`;
}

/** That nothing of a saved 3D photo can be set, and what it was made by. @param words the first of it. @param label of the plugin, where no model was used. */
export function savedNotice(
  desk: Desk,
  words: string,
  madeBy: (label: string) => string,
  model: string | undefined,
  label: string | undefined,
): TemplateResult {
  const by = model === undefined ? label : (desk.models.find(model)?.row.label ?? model);
  return html`<p class="notice">${icons.info}<span>${words}</span></p>
    ${by ? html`<p class="muted">${madeBy(by)}</p>` : nothing}`;
}

/** The line that unfolds a choice: what was chosen, and how it ran. */
export function sourceSummary(glyph: TemplateResult, title: string, name: string, ran: string | undefined): TemplateResult {
  return html`<summary>
    <span class="glyph">${glyph}</span>
    <span class="from"
      ><span class="muted">${title}</span><span class="name">${name}</span>${
        ran === undefined ? nothing : html`<span class="muted figures ran">${ran}</span>`
      }</span
    >
    ${icons.turn}
  </summary>`;
}
