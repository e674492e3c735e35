import { html, type TemplateResult } from 'lit';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';

/** The buttons at the right edge of every stage: back to the middle, and full screen. */
export function stageButtons(isIdle: boolean, onReset: () => void, isFullScreen: boolean, onFullScreen: () => void): TemplateResult {
  const words = isFullScreen ? strings.stage.leaveFullScreen : strings.stage.fullScreen;
  return html`<button
      class="icon glass"
      aria-label=${strings.stage.reset}
      title=${strings.stage.reset}
      ?disabled=${isIdle}
      @click=${onReset}
    >
      ${icons.reset}
    </button>
    <button class="icon glass" aria-label=${words} title=${words} @click=${onFullScreen}>
      ${isFullScreen ? icons.leaveFullScreen : icons.fullScreen}
    </button>`;
}
