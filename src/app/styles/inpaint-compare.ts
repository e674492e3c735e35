import { css } from 'lit';
import { SIDEWAYS, UPRIGHT } from './media.ts';

/** Beside those of `compareStyles`: the edge, its knob and the labels. */
export const inpaintCompareStyles = css`
  unflat-photo {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
    opacity: 0;
    clip-path: inset(0 0 0 var(--a));
  }
  unflat-photo[data-ready] {
    opacity: 1;
  }
  .first .knob {
    top: calc(50% - 22px);
  }
  .label {
    max-width: calc(var(--room) - 24px);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .at-left {
    left: 12px;
    --room: var(--a);
  }
  .at-right {
    right: 12px;
    --room: calc(100% - var(--a));
  }
  .bar {
    position: absolute;
    top: 12px;
    left: 12px;
    display: flex;
    gap: 2px;
    padding: 0 2px;
    border-radius: 24px;
    background: var(--glass);
    color: var(--on-glass);
    backdrop-filter: blur(14px) saturate(1.3);
    pointer-events: auto;
  }
  .bar button {
    background: none;
    border-radius: 50%;
  }
  .bar button:hover {
    background: rgb(255 255 255 / 0.14);
  }
  .bar button[aria-pressed='true'] {
    background: #fff;
    color: #17181c;
    background-clip: content-box;
    padding: 3px;
  }
  .bar button:focus-visible {
    outline-color: #fff;
    outline-offset: -3px;
  }
  @media ${UPRIGHT}, ${SIDEWAYS} {
    .bar {
      top: 8px;
      left: 8px;
    }
  }
`;
