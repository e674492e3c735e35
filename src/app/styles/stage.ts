import { css } from 'lit';
import { SIDEWAYS, UPRIGHT } from './media.ts';

export const stageStyles = css`
  :host {
    position: relative;
    display: grid;
    place-items: center;
    overflow: hidden;
    container-type: size;
    padding: 64px 20px 20px;
    --aspect: 1.3333;
  }
  :host([full-screen]) {
    padding: 0;
    background: #000;
  }
  .ambient {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    transition: opacity 0.8s;
  }
  .ambient.lit {
    opacity: var(--ambient, 0.26);
  }
  @media (forced-colors: active) {
    .ambient {
      display: none;
    }
  }
  :host([full-screen]) .ambient {
    display: none;
  }
  .frame {
    position: relative;
    isolation: isolate;
    --room: min(100cqw, 100cqh * var(--aspect));
    width: var(--room);
    aspect-ratio: var(--aspect);
    border-radius: 16px;
    overflow: hidden;
    box-shadow: var(--shadow);
  }
  /* Whole pixels: the last row of a broken height is the picture's for one layer of the page and not for another. */
  @supports (width: round(down, 1px, 1px)) {
    .frame {
      width: round(down, var(--room), 1px);
      height: round(var(--room) / var(--aspect), 1px);
    }
    /* Where the picture reaches the screen's edge no strip of a pixel may stay free. */
    @media ${UPRIGHT} {
      .frame {
        width: round(up, var(--room), 1px);
        height: round(up, var(--room) / var(--aspect), 1px);
      }
    }
  }
  /* Only while it is empty: below a picture of a broken height it would show as a dark line. */
  .frame[data-empty] {
    background: #16171b;
  }
  :host([full-screen]) .frame {
    border-radius: 0;
    box-shadow: none;
  }
  .placeholder,
  .flat,
  unflat-photo {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
  }
  unflat-photo {
    --unflat-touch-action: none;
    --unflat-accent: var(--accent-fill);
    /* It takes the flat picture's place in one step: both look the same. */
    opacity: 0;
  }
  unflat-photo[data-ready] {
    opacity: 1;
  }
  unflat-photo,
  unflat-photo::part(view) {
    border-radius: inherit;
  }
  .flat {
    z-index: 1;
    object-fit: cover;
    visibility: hidden;
  }
  .flat[data-shown] {
    visibility: visible;
    animation: appear 0.2s;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  move-preview,
  frame-picker,
  sample-preview,
  place-picker {
    position: absolute;
    inset: 0;
    z-index: 1;
  }
  .tools,
  .hint {
    z-index: 2;
  }
  .placeholder {
    object-fit: cover;
  }
  .tools {
    position: absolute;
    top: 12px;
    right: 12px;
    display: flex;
    gap: 8px;
  }
  .glass {
    border-radius: 50%;
    background: var(--glass);
    color: var(--on-glass);
    backdrop-filter: blur(14px) saturate(1.3);
  }
  .glass:hover {
    background: rgb(18 19 23 / 0.86);
  }
  .glass[aria-pressed='true'] {
    background: #fff;
    color: #17181c;
  }
  .glass:focus-visible {
    outline-color: #fff;
  }
  .glass:disabled {
    opacity: 1;
    color: rgb(255 255 255 / 0.5);
  }
  .hint {
    position: absolute;
    bottom: 18px;
    left: 50%;
    padding: 8px 16px;
    border-radius: 20px;
    background: var(--glass);
    color: var(--on-glass);
    font-size: 14px;
    white-space: nowrap;
    pointer-events: none;
    opacity: 0;
    transform: translate(-50%, 6px);
    transition:
      opacity 0.5s,
      transform 0.5s;
  }
  .hint[data-shown] {
    opacity: 1;
    transform: translate(-50%, 0);
  }
  run-progress {
    position: absolute;
    bottom: 36px;
    width: min(380px, 100% - 32px);
  }
  @media ${UPRIGHT}, ${SIDEWAYS} {
    run-progress {
      bottom: 12px;
    }
    .tools {
      top: 8px;
      right: 8px;
    }
  }
  @media ${UPRIGHT} {
    :host {
      padding: 0;
    }
    .hint {
      bottom: 14px;
    }
    .frame {
      border-radius: 0;
      box-shadow: none;
    }
  }
  @media ${SIDEWAYS} {
    :host {
      padding: 52px 8px 8px calc(8px + env(safe-area-inset-left));
    }
    :host([full-screen]) {
      padding: 0;
    }
    .frame {
      border-radius: 10px;
    }
    .hint {
      bottom: 10px;
    }
  }
`;
