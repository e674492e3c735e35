import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    background: var(--unflat-background, transparent);
    contain: content;
  }

  :host([hidden]) {
    display: none;
  }

  .view {
    position: absolute;
    inset: 0;
    outline: none;
    cursor: grab;
  }

  .view:active {
    cursor: grabbing;
  }

  .view.flat {
    cursor: auto;
  }

  /* Gives the element the photo's width where nothing else does; narrower where there is less room. */
  .size {
    display: block;
    max-width: 100%;
    height: 0;
    visibility: hidden;
  }

  .over {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }

  .over ::slotted(*) {
    pointer-events: auto;
  }

  img,
  ::slotted([slot='poster']),
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: var(--fit, contain);
    touch-action: var(--unflat-touch-action, pan-y);
    user-select: none;
    -webkit-user-select: none;
  }

  /* Its shape may be another one, or it is broken and shows its words. */
  .view:not(.flat) ::slotted([slot='poster']) {
    visibility: hidden;
    transition: visibility 0s var(--unflat-fade, 0.4s);
  }

  canvas {
    opacity: 0;
    transition: opacity var(--unflat-fade, 0.4s) ease-out;
  }

  canvas.shown {
    opacity: 1;
  }

  .view:focus-visible::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 3px solid var(--unflat-accent, #2f7df6);
    box-shadow: inset 0 0 0 2px #fff;
    border-radius: inherit;
    pointer-events: none;
  }

  progress {
    position: absolute;
    inset: auto 0 0 0;
    width: 100%;
    height: 4px;
    border: 0;
    appearance: none;
    color: var(--unflat-accent, #2f7df6);
    background: rgb(0 0 0 / 35%);
  }

  progress::-webkit-progress-bar {
    background: transparent;
  }

  progress::-webkit-progress-value {
    background: var(--unflat-accent, #2f7df6);
    transition: width 0.2s;
  }

  progress::-moz-progress-bar {
    background: var(--unflat-accent, #2f7df6);
  }

  .error {
    position: absolute;
    inset: 0;
    margin: 0;
    padding: 0.7em 1em;
    overflow: auto;
    overflow-wrap: anywhere;
    font:
      0.95rem/1.4 system-ui,
      sans-serif;
    color: color-mix(in srgb, currentcolor 70%, transparent);
  }

  /* No photo has given the element a shape: without a height of its own it has that of the words. */
  .error.alone {
    position: relative;
  }

  @media (prefers-reduced-motion: reduce) {
    canvas,
    progress::-webkit-progress-value {
      transition: none;
    }
  }
`;
