import { css } from 'lit';

export const depthPanelStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
  .all {
    display: contents;
  }
  figcaption {
    margin-top: 8px;
  }
  .source > summary {
    gap: 11px;
    padding: 10px 12px 10px 10px;
    border-radius: 14px;
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .source > summary:hover {
    background: color-mix(in srgb, var(--sunken) 55%, transparent);
  }
  .glyph {
    flex: none;
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 10px;
    background: var(--sunken);
    color: var(--muted);
  }
  .from {
    flex: 1;
    display: grid;
    min-width: 0;
  }
  .ran::first-letter {
    text-transform: uppercase;
  }
  .from .muted {
    font-size: 12.5px;
    line-height: 1.3;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 550;
    line-height: 1.35;
  }
  .notes {
    display: grid;
    gap: 6px;
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .better {
    display: grid;
    gap: 10px;
    padding: 12px 14px 12px;
    border-radius: 14px;
    background: color-mix(in srgb, var(--accent-fill) 12%, transparent);
    font-size: 13.5px;
  }
  .better button {
    justify-self: start;
    background: var(--surface);
  }
  depth-sources {
    padding: 10px 0 4px;
  }
  @container (max-width: 300px) {
    .glyph {
      display: none;
    }
    .source > summary {
      padding-left: 12px;
    }
    .name {
      white-space: normal;
    }
  }
`;
