import { css } from 'lit';
import { SIDEWAYS, SIDEWAYS_SMALL, UPRIGHT } from './media.ts';

export const appStyles = css`
  :host {
    display: grid;
    grid-template: 64px minmax(0, 1fr) auto / minmax(0, 1fr) 360px;
    grid-template-areas:
      'header panel'
      'stage panel'
      'stage messages';
    height: 100%;
    background: var(--paper);
  }
  header {
    grid-area: header;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 14px;
    padding: 0 20px;
    min-width: 0;
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 19px;
    font-weight: 650;
    letter-spacing: -0.025em;
  }
  h1 .mark {
    width: 26px;
    height: 26px;
  }
  .title {
    flex: 1;
    min-width: 0;
    padding-left: 14px;
    border-left: 1px solid var(--line);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--muted);
  }
  .title:empty {
    visibility: hidden;
  }
  .private {
    display: flex;
    align-items: center;
    gap: 7px;
    color: var(--muted);
    font-size: 13px;
    white-space: nowrap;
  }
  .private svg {
    width: 15px;
    height: 15px;
  }
  main {
    grid-row: header-start / stage-end;
    grid-column: stage;
    display: grid;
    min-width: 0;
    min-height: 0;
  }
  depth-card,
  own-model-card {
    grid-row: header-start / stage-end;
    grid-column: stage;
    z-index: 2;
  }
  app-panel {
    grid-area: panel;
    min-height: 0;
    border-left: 1px solid var(--line);
  }
  /* A place of their own at the panel's foot: they cover neither the picture nor a button, and nothing above them moves. */
  app-messages {
    grid-area: messages;
    max-height: 45dvh;
    border-left: 1px solid var(--line);
    background: var(--surface);
  }
  :host([full-screen]) {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    grid-template-areas: 'stage';
  }
  :host([full-screen]) main {
    grid-area: stage;
  }
  :host([full-screen]) header,
  :host([full-screen]) app-panel {
    display: none;
  }
  :host([full-screen]) app-messages {
    position: fixed;
    z-index: 20;
    left: env(safe-area-inset-left);
    bottom: 0;
    width: min(460px, 100vw);
    border: 0;
    background: none;
  }
  @media (max-width: 1080px) {
    .private {
      display: none;
    }
  }
  @media ${UPRIGHT} {
    :host {
      grid-template:
        calc(56px + env(safe-area-inset-top)) clamp(min(200px, 34dvh), 100vw / var(--aspect, 1.3333), 50dvh) minmax(0, 1fr)
        auto / minmax(0, 1fr);
      grid-template-areas:
        'header'
        'stage'
        'panel'
        'messages';
    }
    header {
      padding: env(safe-area-inset-top) 12px 0 16px;
    }
    main {
      grid-area: stage;
    }
    depth-card,
    own-model-card {
      grid-row: stage-start / panel-end;
    }
    app-panel,
    app-messages {
      border-left: 0;
    }
    /* Of a small window, as a zoomed one is, the tabs keep their part. */
    app-messages {
      max-height: 33dvh;
    }
  }
  @media ${SIDEWAYS} {
    :host {
      grid-template-rows: 52px minmax(0, 1fr) auto;
      grid-template-columns: minmax(0, 1fr) calc(clamp(240px, 48vw, 360px) + env(safe-area-inset-right));
    }
    header {
      padding: 0 8px 0 calc(12px + env(safe-area-inset-left));
    }
    app-panel,
    app-messages {
      padding-right: env(safe-area-inset-right);
    }
  }
  @media ${SIDEWAYS_SMALL} {
    header {
      gap: 10px;
    }
    header .primary {
      padding: 0 12px;
    }
    depth-card,
    own-model-card {
      grid-area: 1 / 1 / -1 / -1;
    }
  }
  /* Where there is room for one name only, it is the photo's. */
  @media ${UPRIGHT}, ${SIDEWAYS_SMALL} {
    .title {
      padding-left: 0;
      border-left: 0;
      color: var(--text);
    }
    h1:not(:has(+ .title:empty)) .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @media ${SIDEWAYS_SMALL}, (max-width: 300px) {
    header .primary .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  /* A screen zoomed to four times the size: the button beside the tabs is its sign alone. */
  @media (max-height: 560px) and (orientation: landscape) and (max-width: 400px) {
    :host {
      grid-template-columns: minmax(0, 1fr) 200px;
    }
    h1,
    header .primary span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
`;
