import { css } from 'lit';

/** Sliders, switches, choices and number fields. */
export const controls = css`
  .field .row,
  .field.row,
  .switch {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
    min-height: 44px;
  }
  .field .row {
    min-height: 24px;
  }
  .help {
    flex-basis: 100%;
  }
  output {
    color: var(--muted);
    font-size: 13px;
  }
  select,
  input[type='text'],
  input[type='number'] {
    height: 44px;
    max-width: 100%;
    border: 1px solid var(--line);
    border-radius: 10px;
    background-color: var(--surface);
    padding: 0 12px;
  }
  select {
    appearance: none;
    padding-right: 34px;
    text-overflow: ellipsis;
    background-image: linear-gradient(45deg, transparent 50%, var(--muted) 50%), linear-gradient(-45deg, transparent 50%, var(--muted) 50%);
    background-position:
      right 19px top 20px,
      right 14px top 20px;
    background-size: 5px 5px;
    background-repeat: no-repeat;
    cursor: pointer;
  }
  select option {
    background: var(--surface);
    color: var(--text);
  }
  .text {
    display: grid;
    gap: 4px;
  }
  .text > input {
    width: 100%;
  }
  input[type='color'] {
    width: 64px;
    height: 44px;
    padding: 4px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background-color: var(--surface);
    cursor: pointer;
  }
  .row > select {
    flex: 0 1 auto;
    min-width: 0;
  }
  .number {
    display: inline-flex;
    align-items: center;
    gap: 8px;
  }
  input[type='number'] {
    width: 104px;
    text-align: right;
  }
  .unit {
    color: var(--muted);
    font-size: 13px;
  }
  input[type='range'] {
    appearance: none;
    display: block;
    width: 100%;
    height: 44px;
    margin: 0;
    background: none;
    cursor: pointer;
    border-radius: 8px;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--text) 18%, transparent);
  }
  input[type='range']::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--text) 18%, transparent);
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 22px;
    height: 22px;
    margin-top: -9px;
    border: 0;
    border-radius: 50%;
    background: #fff;
    box-shadow:
      0 0 0 1px rgb(0 0 0 / 0.12),
      0 2px 6px rgb(0 0 0 / 0.28);
  }
  input[type='range']::-moz-range-thumb {
    width: 22px;
    height: 22px;
    border: 0;
    border-radius: 50%;
    background: #fff;
    box-shadow:
      0 0 0 1px rgb(0 0 0 / 0.12),
      0 2px 6px rgb(0 0 0 / 0.28);
  }
  .switch {
    cursor: pointer;
    flex-wrap: nowrap;
  }
  input[role='switch'] {
    appearance: none;
    flex: none;
    width: 46px;
    height: 28px;
    margin: 0;
    border-radius: 14px;
    background: color-mix(in srgb, var(--text) 24%, transparent);
    cursor: pointer;
    transition: background-color 0.15s;
  }
  input[role='switch']::before {
    content: '';
    display: block;
    width: 22px;
    height: 22px;
    margin: 3px;
    border-radius: 50%;
    background: #fff;
    box-shadow: 0 1px 3px rgb(0 0 0 / 0.35);
    transition: transform 0.15s;
  }
  input[role='switch']:checked {
    background: var(--accent-fill);
  }
  input[role='switch']:checked::before {
    transform: translateX(18px);
  }
  @media (forced-colors: active) {
    input[type='range'],
    select {
      appearance: auto;
    }
    input[role='switch'] {
      forced-color-adjust: none;
      border: 1px solid ButtonBorder;
      background: Canvas;
    }
    input[role='switch']::before {
      width: 20px;
      height: 20px;
      background: ButtonText;
    }
    input[role='switch']:checked {
      background: Highlight;
    }
    input[role='switch']:checked::before {
      background: HighlightText;
    }
  }
`;
