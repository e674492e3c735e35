import { css } from 'lit';

export const photosPanelStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 22px;
    align-content: start;
  }
  h2 {
    flex: 1;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 32px;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(96px, 1fr));
    gap: 10px;
    margin-top: 10px;
  }
  li {
    position: relative;
    min-width: 0;
  }
  .place {
    aspect-ratio: 1;
  }
  .tile {
    position: relative;
    display: block;
    width: 100%;
    padding: 0;
    overflow: hidden;
    border-radius: 10px;
    text-align: left;
    aspect-ratio: 1;
  }
  .tile img,
  .tile blob-image {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
    transition: transform 0.35s cubic-bezier(0.2, 0.7, 0.2, 1);
  }
  .tile:hover img,
  .tile:hover blob-image {
    transform: scale(1.05);
  }
  .tile[aria-current] {
    box-shadow:
      0 0 0 2px var(--surface),
      0 0 0 4px var(--accent-fill);
  }
  .label {
    position: absolute;
    inset: auto 0 0;
    padding: 22px 9px 7px;
    overflow: hidden;
    text-overflow: ellipsis;
    color: #fff;
    font-size: 12px;
    font-weight: 500;
    line-height: 1.3;
    background: linear-gradient(transparent, rgb(0 0 0 / 0.72));
  }
  .remove {
    position: absolute;
    top: 0;
    right: 0;
    color: #fff;
    background: none;
  }
  .remove svg {
    width: 24px;
    height: 24px;
    padding: 5px;
    border-radius: 50%;
    background: var(--glass);
  }
  .remove:hover {
    background: none;
  }
  .remove:hover svg {
    background: #000;
  }
  button.small {
    padding: 0 10px;
    font-size: 13px;
    margin-right: -10px;
  }
  .empty {
    margin-top: 6px;
  }
  @media (forced-colors: active) {
    .tile[aria-current] {
      outline: 3px solid Highlight;
      outline-offset: 1px;
    }
    .label,
    .remove {
      background: Canvas;
      color: CanvasText;
    }
    .remove svg,
    .remove:hover svg {
      background: none;
    }
    .label {
      padding-top: 5px;
    }
  }
  details {
    margin: -6px 0;
  }
  .more {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: -8px 0 8px;
  }
  .more .quiet {
    padding-inline: 10px;
    margin-left: -10px;
    font-size: 14px;
  }
  .more button + .quiet {
    margin-left: 0;
  }
  .private {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .private svg {
    width: 16px;
    height: 16px;
  }
`;
