import { css } from 'lit';
import { noticeStyles } from './notice.ts';

/** A list of models: `ul.models` of what `modelRow` makes. */
export const modelRowStyles = css`
  .models {
    display: grid;
    gap: 6px;
  }
  .model {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 3px 10px;
    align-items: start;
    position: relative;
    padding: 10px 12px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--sunken) 55%, transparent);
  }
  .model:has(input:checked) {
    background: var(--sunken);
    box-shadow: inset 0 0 0 2px var(--accent-fill);
  }
  .what {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 10px;
    align-self: center;
    align-items: center;
  }
  label.what {
    grid-column: 1 / -1;
    cursor: pointer;
  }
  /* All of the card is the label. */
  label.what::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .name {
    overflow-wrap: anywhere;
    font-weight: 550;
    line-height: 1.35;
  }
  .about {
    grid-column: 1 / -1;
    padding-left: 30px;
    line-height: 1.35;
  }
  .tag {
    display: inline-block;
    padding: 0 7px;
    border-radius: 9px;
    background: color-mix(in srgb, var(--accent-fill) 20%, transparent);
    font-size: 11.5px;
    font-weight: 600;
    line-height: 18px;
    vertical-align: 1px;
  }
  .place {
    width: 20px;
    height: 20px;
    border-radius: 50%;
    border: 1.5px dashed color-mix(in srgb, var(--text) 40%, transparent);
  }
  input[type='radio'] {
    position: relative;
    z-index: 1;
    appearance: none;
    box-sizing: border-box;
    margin: 0;
    width: 20px;
    height: 20px;
    border-radius: 50%;
    border: 1.5px solid color-mix(in srgb, var(--text) 50%, transparent);
    background: var(--surface);
    cursor: pointer;
  }
  input[type='radio']:checked {
    border: 6px solid var(--accent-fill);
  }
  .act {
    position: relative;
    z-index: 1;
    justify-self: end;
  }
  /* “Try again” with a size leaves too little room for a name: it stands below what went wrong. */
  .again > .what,
  .again > .act {
    grid-column: 1 / -1;
  }
  .again > .act {
    order: 1;
    margin-top: 6px;
  }
  button.act,
  a.act {
    padding: 0 12px;
    font-size: 13.5px;
  }
  button.icon.act {
    padding: 0;
  }
  a.act {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
    border-radius: 11px;
    background: var(--sunken);
    color: inherit;
    font-weight: 550;
    text-decoration: none;
  }
  .model > button.act:not(.quiet) {
    background: var(--primary);
    color: var(--on-primary);
  }
  .model > button.act:not(.quiet):hover:enabled {
    background: color-mix(in srgb, var(--primary), var(--paper) 16%);
  }
  .size {
    font-weight: 400;
    opacity: 0.8;
  }
  .facts {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 1px 14px;
    padding-left: 30px;
    font-size: 12.5px;
  }
  .mark {
    display: inline-flex;
    align-items: center;
    gap: 3px;
  }
  .mark span {
    margin-right: 3px;
  }
  .mark i {
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--text) 20%, transparent);
  }
  .mark i.on {
    background: var(--accent-fill);
  }
  .download {
    grid-column: 1 / -1;
    display: grid;
    gap: 5px;
    padding: 6px 0 2px 30px;
  }
  .problem {
    grid-column: 1 / -1;
    display: flex;
    gap: 8px;
    padding: 6px 0 2px;
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .problem svg {
    width: 18px;
    height: 18px;
    margin-top: 1px;
    color: var(--danger);
  }
  .problem a {
    color: inherit;
  }
  @media (forced-colors: active) {
    .model {
      border: 1px solid CanvasText;
    }
    .model:has(input:checked) {
      outline: 2px solid Highlight;
    }
    input[type='radio'] {
      appearance: auto;
    }
    .mark i {
      forced-color-adjust: none;
      border: 1px solid CanvasText;
      background: Canvas;
    }
    .mark i.on {
      background: CanvasText;
    }
  }
  ${noticeStyles}
`;
