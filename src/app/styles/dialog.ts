import { css } from 'lit';

/** A dialog over the app, with a head and a button that closes it. */
export const dialogStyles = css`
  dialog {
    width: min(440px, 100vw - 24px);
    max-height: calc(100dvh - 24px);
    padding: 0;
    border: 0;
    border-radius: 20px;
    overflow: hidden auto;
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--shadow);
    scrollbar-width: thin;
  }
  dialog::backdrop {
    background: rgb(10 11 14 / 0.5);
  }
  .inside {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    padding: 18px 22px 22px;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 10px;
    margin-right: -10px;
  }
  .head h2 {
    flex: 1;
    font-size: 18px;
  }
`;
