import { css } from 'lit';
import { UPRIGHT } from './media.ts';

export const orbitStageStyles = css`
  :host {
    position: relative;
    display: grid;
    overflow: hidden;
    padding: 64px 20px 20px;
  }
  :host([full-screen]) {
    padding: 0;
    background: #000;
  }
  .frame {
    position: relative;
    isolation: isolate;
    min-width: 0;
    min-height: 0;
    border-radius: 16px;
    overflow: hidden;
    background: #16171b;
    box-shadow: var(--shadow);
  }
  :host([full-screen]) .frame {
    border-radius: 0;
    box-shadow: none;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: inherit;
    outline-offset: -3px;
    cursor: grab;
    touch-action: none;
    opacity: 0;
  }
  canvas:active {
    cursor: grabbing;
  }
  canvas:focus-visible {
    outline-color: #fff;
  }
  canvas[data-shown] {
    opacity: 1;
  }
  .tools {
    position: absolute;
    top: 12px;
    right: 12px;
    left: 12px;
    display: flex;
    justify-content: flex-end;
    gap: 8px;
    pointer-events: none;
  }
  .tools > * {
    pointer-events: auto;
  }
  .glass {
    background: var(--glass);
    color: var(--on-glass);
    backdrop-filter: blur(14px) saturate(1.3);
  }
  button.glass {
    border-radius: 50%;
  }
  button.glass:hover,
  label.glass:hover {
    background: rgb(18 19 23 / 0.86);
  }
  .glass:focus-visible,
  .glass select:focus-visible {
    outline-color: #fff;
  }
  label.glass {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 44px;
    padding: 0 6px 0 16px;
    border-radius: 22px;
    font-size: 14px;
  }
  label select {
    min-height: 44px;
    padding: 0 6px;
    border: 0;
    border-radius: 22px;
    background: none;
    color: inherit;
    font-weight: 550;
  }
  option {
    background: #17181c;
    color: #fff;
  }
  .facts {
    position: absolute;
    left: 12px;
    bottom: 12px;
    max-width: min(460px, calc(100% - 24px));
    padding: 9px 16px 10px;
    border-radius: 16px;
    font-size: 13px;
    pointer-events: none;
  }
  .facts strong {
    font-size: 14px;
    font-weight: 600;
  }
  .facts .not {
    opacity: 0.82;
  }
  run-progress {
    position: absolute;
    left: 50%;
    bottom: 34px;
    width: min(420px, calc(100% - 64px));
    transform: translateX(-50%);
  }
  @media (forced-colors: active) {
    .facts {
      border: 1px solid CanvasText;
    }
  }
  @media ${UPRIGHT} {
    :host {
      padding: 0;
    }
    .frame {
      border-radius: 0;
      box-shadow: none;
    }
    .facts {
      padding: 6px 12px 7px;
      font-size: 12px;
    }
  }
`;
