import { css } from 'lit';

export const appStyles = css`
  :host {
    display: grid;
    grid-template: 64px minmax(0, 1fr) / minmax(0, 1fr) 360px;
    grid-template-areas:
      'header panel'
      'stage panel';
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
  app-messages {
    position: fixed;
    z-index: 20;
    left: 20px;
    bottom: 20px;
    width: min(460px, 100vw - 40px);
    transition: bottom 0.25s;
  }
  /* What is being done, and the way to stop it, stay in reach. */
  app-messages[lifted] {
    bottom: 140px;
  }
  /* On a phone held sideways they would take a fifth of the picture: they lie on the panel there, as on one held upright. */
  @media (max-height: 560px) and (min-width: 761px) {
    app-messages,
    app-messages[lifted] {
      left: auto;
      right: 12px;
      bottom: 12px;
      width: 336px;
    }
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
  @media (max-width: 1080px) {
    .private {
      display: none;
    }
  }
  @media (max-width: 760px) {
    :host {
      grid-template: calc(56px + env(safe-area-inset-top)) clamp(200px, 100vw / var(--aspect, 1.3333), 50dvh) minmax(0, 1fr) / minmax(0, 1fr);
      grid-template-areas:
        'header'
        'stage'
        'panel';
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
    .title {
      display: none;
    }
    h1 {
      flex: 1;
    }
    app-panel {
      border-left: 0;
    }
    app-messages,
    app-messages[lifted] {
      left: 12px;
      right: 12px;
      bottom: calc(12px + env(safe-area-inset-bottom));
      width: auto;
    }
  }
`;
