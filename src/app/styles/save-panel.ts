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
    padding-right: 52px;
  }
  li {
    position: relative;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 58px;
  }
  .embed {
    display: grid;
    gap: 8px;
    padding: 4px 0 8px 48px;
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
  li > progress {
    position: absolute;
    left: 48px;
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
    .head {
      padding-right: 0;
    }
    li > progress {
      left: 0;
    }
  }
`;
