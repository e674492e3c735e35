import { css } from 'lit';

export const savePanelStyles = css`
  :host {
    display: grid;
    gap: 10px;
  }
  section + section {
    padding-top: 10px;
    border-top: 1px solid var(--line);
  }
  h2 {
    padding-top: 6px;
    margin-bottom: 4px;
  }
  li {
    position: relative;
    display: grid;
    grid-template-columns: auto 1fr auto auto;
    align-items: center;
    column-gap: 12px;
    min-height: 56px;
  }
  .glyph {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border-radius: 10px;
    background: var(--sunken);
    color: var(--muted);
  }
  .what {
    display: grid;
    min-width: 0;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state:empty {
    display: none;
  }
  li > button {
    grid-row: 1;
  }
  li > button:last-of-type {
    grid-column: 4;
  }
  li > progress {
    position: absolute;
    left: 48px;
    right: 56px;
    bottom: 0;
    width: auto;
    height: 3px;
  }
  details option-controls {
    padding: 4px 0 8px;
  }
  summary {
    padding-left: 48px;
  }
  .all {
    margin-top: 6px;
    width: 100%;
  }
`;
