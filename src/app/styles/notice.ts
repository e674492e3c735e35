import { css } from 'lit';

/** A line that stands out, with an icon before it. */
export const noticeStyles = css`
  .notice {
    display: flex;
    gap: 9px;
    padding: 10px 12px;
    border-radius: 12px;
    background: color-mix(in srgb, var(--accent-fill) 13%, transparent);
    font-size: 13px;
  }
  .notice svg {
    width: 18px;
    height: 18px;
    color: var(--accent);
  }
`;
