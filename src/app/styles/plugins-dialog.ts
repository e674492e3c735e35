import { css } from 'lit';

export const pluginsDialogStyles = css`
  dialog {
    width: min(520px, 100vw - 24px);
  }
  h3 {
    font-size: 17px;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .list li {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    padding: 10px 0;
    border-top: 1px solid var(--line);
  }
  .switch {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    min-height: 32px;
  }
  .name {
    font-weight: 550;
    overflow-wrap: anywhere;
  }
  .none {
    padding: 14px 16px;
    border-radius: 14px;
    background: var(--sunken);
    color: var(--muted);
  }
  summary {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 36px;
    cursor: pointer;
    font-size: 13.5px;
  }
  summary svg {
    width: 16px;
    height: 16px;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 10px;
    align-items: end;
    padding-top: 14px;
    border-top: 1px solid var(--line);
  }
  form > button[type='button'] {
    grid-column: 1 / -1;
    justify-self: start;
  }
  .link {
    display: grid;
    gap: 6px;
    font-size: 13.5px;
  }
  .link input {
    min-width: 0;
    min-height: 44px;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--sunken);
    color: var(--text);
    font: inherit;
    font-size: 16px;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 6px 14px;
    align-items: baseline;
    font-size: 14px;
  }
  .from {
    overflow-wrap: anywhere;
  }
  .offer {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .change {
    padding: 10px 14px;
    border-radius: 12px;
    background: var(--sunken);
  }
  .safe,
  .problem {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 10px;
    font-size: 14px;
  }
  .safe {
    color: var(--muted);
  }
  .problem {
    padding: 10px 14px;
    border-radius: 12px;
    background: var(--sunken);
    overflow-wrap: anywhere;
  }
  .safe svg,
  .problem svg {
    width: 18px;
    height: 18px;
    margin-top: 1px;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    padding-top: 4px;
  }
`;
