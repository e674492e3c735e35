import { css } from 'lit';

export const depthSourcesStyles = css`
  :host {
    display: block;
  }
  fieldset {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  h3 {
    margin: 8px 0 0;
    font-size: 13px;
    font-weight: 600;
    color: var(--muted);
  }
  .with label.what {
    grid-column: 1;
  }
  .file {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .model > button.act.plain {
    align-self: center;
    background: none;
    color: inherit;
  }
  .model > button.act.plain:hover:enabled {
    background: color-mix(in srgb, var(--sunken), var(--text) 8%);
  }
  .own {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
    margin-top: 6px;
  }
  .own p {
    grid-column: 1 / -1;
  }
  code {
    font-size: 12.5px;
  }
`;
