import { css } from 'lit';
import { SIDEWAYS, UPRIGHT } from './media.ts';

/** A card over the stage that asks for something; what is open stays open behind it. */
export const cardStyles = css`
  :host {
    display: grid;
    place-items: center;
    padding: 16px;
    overflow: auto;
    background: rgb(10 11 14 / 0.5);
    animation: appear 0.2s ease-out;
    scrollbar-width: thin;
  }
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    width: min(460px, 100%);
    padding: 22px;
    border-radius: 20px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .head {
    display: grid;
    grid-template-columns: 64px 1fr;
    gap: 14px;
    align-items: center;
  }
  .head > .glyph,
  .head > blob-image {
    width: 64px;
    height: 64px;
    border-radius: 11px;
    overflow: hidden;
    background: var(--sunken);
  }
  .head > .glyph {
    display: grid;
    place-items: center;
    color: var(--muted);
  }
  .head > .glyph svg {
    width: 28px;
    height: 28px;
  }
  h2 {
    font-size: 18px;
    line-height: 1.25;
    letter-spacing: -0.012em;
  }
  h2:focus-visible {
    outline: none;
  }
  .what-file {
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .actions > .primary {
    flex: 1 1 auto;
  }
  @media (forced-colors: active) {
    .card {
      border: 1px solid CanvasText;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media ${UPRIGHT}, ${SIDEWAYS} {
    :host {
      padding: 12px;
      place-items: start center;
    }
    .card {
      padding: 18px 16px;
    }
  }
`;
