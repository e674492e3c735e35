import { css } from 'lit';

export const compareViewStyles = css`
  :host {
    position: absolute;
    inset: 0;
    pointer-events: none;
    user-select: none;
    -webkit-user-select: none;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .photo {
    clip-path: inset(0 calc(100% - var(--a)) 0 0);
  }
  .depth {
    clip-path: inset(0 calc(100% - var(--b)) 0 var(--a));
  }
  .label {
    position: absolute;
    bottom: 12px;
    padding: 3px 11px;
    border-radius: 13px;
    background: var(--glass);
    color: var(--on-glass);
    font-size: 13px;
    font-weight: 550;
  }
  .at-photo {
    left: 12px;
  }
  .at-depth {
    left: calc(var(--a) + 12px);
  }
  .at-3d {
    right: 12px;
  }
  .edge {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 28px;
    margin-left: -14px;
    cursor: ew-resize;
    pointer-events: auto;
    touch-action: none;
  }
  .first {
    left: var(--a);
  }
  .second {
    left: var(--b);
  }
  .edge::before {
    content: '';
    position: absolute;
    top: 0;
    bottom: 0;
    left: 13px;
    width: 2px;
    background: #fff;
    box-shadow: 0 0 0 1px rgb(0 0 0 / 0.18);
  }
  .knob {
    position: absolute;
    left: -8px;
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 50%;
    background: var(--glass);
    color: #fff;
    box-shadow: 0 0 0 2px #fff;
    transform: scale(0.82);
  }
  /* Not at one height: where both edges meet, each can still be grabbed. */
  .first .knob {
    top: calc(50% - 50px);
  }
  .second .knob {
    top: calc(50% + 6px);
  }
  @media (forced-colors: active) {
    .edge::before {
      forced-color-adjust: none;
    }
    .knob {
      border: 2px solid CanvasText;
    }
  }
  .edge:focus-visible {
    outline: none;
  }
  .edge:focus-visible .knob {
    outline: 3px solid var(--accent-fill);
    outline-offset: 3px;
  }
`;
