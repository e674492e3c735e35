import { css } from 'lit';

/** What every component of the app looks like: type, buttons, focus, things only read aloud. */
export const shared = css`
  :host {
    box-sizing: border-box;
    color: var(--text);
    font: 400 15px/1.45 var(--font);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    list-style: none;
    min-width: 0;
  }
  h2 {
    font-size: 15px;
    font-weight: 600;
    letter-spacing: -0.005em;
  }
  .muted {
    color: var(--muted);
    font-size: 13px;
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button,
  summary,
  select,
  label {
    -webkit-tap-highlight-color: transparent;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    padding: 0 16px;
    border: 0;
    border-radius: 11px;
    background: var(--sunken);
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background-color 0.15s,
      color 0.15s,
      opacity 0.15s,
      transform 0.1s;
  }
  button:hover {
    background: color-mix(in srgb, var(--sunken), var(--text) 8%);
  }
  button:active {
    transform: scale(0.98);
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
    transform: none;
  }
  button.primary {
    background: var(--primary);
    color: var(--on-primary);
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--primary), var(--paper) 16%);
  }
  button.quiet {
    background: none;
  }
  button.quiet:hover {
    background: var(--sunken);
  }
  button.icon {
    flex: none;
    width: 44px;
    padding: 0;
  }
  svg {
    flex: none;
    display: block;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 2.5px solid var(--accent);
    outline-offset: 2px;
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: color-mix(in srgb, currentColor 18%, transparent);
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: var(--accent-fill);
    border-radius: 2px;
    transition: width 0.2s;
  }
  progress::-moz-progress-bar {
    background: var(--accent-fill);
  }
  summary {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    cursor: pointer;
    list-style: none;
    border-radius: 9px;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary svg.turn {
    width: 16px;
    height: 16px;
    color: var(--muted);
    transition: transform 0.15s;
  }
  details[open] > summary svg.turn {
    transform: rotate(90deg);
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Where the system gives the colours, grounds and shadows say nothing: borders and the colour of a choice do. */
  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonBorder;
    }
    button[aria-selected='true'],
    button[aria-pressed='true'] {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight !important;
      color: HighlightText !important;
    }
    button:disabled {
      border-color: GrayText;
      color: GrayText;
      opacity: 1;
    }
    :focus-visible {
      outline: 3px solid Highlight;
    }
    progress {
      forced-color-adjust: none;
      border: 1px solid CanvasText;
      background: Canvas;
      color: Highlight;
    }
    progress::-webkit-progress-value {
      background: Highlight;
    }
    progress::-moz-progress-bar {
      background: Highlight;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
