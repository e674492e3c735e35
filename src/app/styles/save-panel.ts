import { css } from 'lit';

export const savePanelStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
  }
  section + section {
    padding-top: 10px;
    border-top: 1px solid var(--line);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  li {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 4px;
    min-height: 58px;
  }
  .pick {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
    min-height: 58px;
    cursor: pointer;
  }
  input[type='checkbox'] {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 0 2px;
    accent-color: var(--accent-fill);
    cursor: inherit;
  }
  .pick:has(:disabled) {
    opacity: 0.45;
    cursor: default;
  }
  .actions {
    flex-basis: 100%;
    display: flex;
    flex-wrap: wrap;
    padding: 0 0 6px 68px;
  }
  .actions button {
    min-height: 36px;
    padding: 0 10px;
    color: var(--accent);
    font-size: 14px;
  }
  /* Stays in sight however long the list is. */
  .foot {
    position: sticky;
    bottom: -6px;
    z-index: 1;
    display: grid;
    gap: 8px;
    margin: 4px -20px 0;
    padding: 12px 20px 14px;
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  /* Where there is little room it would cover the list. */
  @media (max-height: 560px) {
    .foot {
      position: static;
    }
  }
  .save,
  .zip,
  .all {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .all span {
    flex: 1;
    min-width: 0;
  }
  .all {
    flex-wrap: wrap;
  }
  .zip {
    min-height: 32px;
    cursor: pointer;
  }
  .embed {
    display: grid;
    gap: 8px;
    padding: 4px 0 8px 68px;
  }
  .embed button {
    justify-self: start;
  }
  .embed textarea {
    width: 100%;
    box-sizing: border-box;
    margin-top: 8px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--sunken);
    color: var(--text);
    font:
      12px/1.5 ui-monospace,
      monospace;
    resize: vertical;
  }
  .glyph {
    flex: none;
    margin-right: 4px;
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 10px;
    background: var(--sunken);
    color: var(--muted);
  }
  .what {
    flex: 1;
    display: grid;
    min-width: 0;
  }
  .name {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .name:empty {
    display: none;
  }
  .state {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state:empty {
    display: none;
  }
  li > progress {
    position: absolute;
    left: 68px;
    right: 56px;
    bottom: 0;
    width: auto;
    height: 3px;
  }
  button[aria-expanded='true'] {
    background: var(--sunken);
  }
  option-controls {
    margin: 6px 0 12px;
    padding: 6px 14px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--sunken) 55%, transparent);
  }
  .output + .output {
    margin-top: 6px;
  }
  h3 {
    margin: 0;
    font: inherit;
    color: var(--muted);
  }
  .fold {
    color: var(--muted);
  }
  @container (max-width: 300px) {
    .glyph {
      display: none;
    }
    .name,
    .state {
      white-space: normal;
    }
    li > progress {
      left: 0;
    }
  }
`;
