import { svg, html, type TemplateResult } from 'lit';

/** A 24-unit line drawing; colour and size come from the stylesheet. Only for the eye: labels are text. */
function icon(paths: TemplateResult, className = ''): TemplateResult {
  return html`<svg class=${className} viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;
}

export const icons = {
  open: icon(
    svg`<path d="M21 13v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h8"/><path d="m3 16 4.5-4.5a2 2 0 0 1 2.8 0L17 18"/><path d="M18.5 3v6M15.5 6h6"/>`,
  ),
  photos: icon(
    svg`<rect x="3" y="6" width="15" height="14" rx="2.5"/><path d="M7 3h11a3 3 0 0 1 3 3v10"/><path d="m3.5 17 3.8-3.8a1.8 1.8 0 0 1 2.5 0L15 18.4"/>`,
  ),
  depth: icon(svg`<path d="m12 3 9 4.6-9 4.6-9-4.6z"/><path d="m3.5 12.2 8.5 4.3 8.5-4.3"/><path d="m3.5 16.6 8.5 4.3 8.5-4.3"/>`),
  save: icon(svg`<path d="M12 3.5v11M7.5 10.5 12 15l4.5-4.5"/><path d="M4 17v1.5A2.5 2.5 0 0 0 6.5 21h11a2.5 2.5 0 0 0 2.5-2.5V17"/>`),
  share: icon(svg`<path d="M12 15V3.5M7.5 7.5 12 3l4.5 4.5"/><path d="M5 11v7.5A2.5 2.5 0 0 0 7.5 21h9a2.5 2.5 0 0 0 2.5-2.5V11"/>`),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  play: icon(svg`<path d="M8 5.500v13l11-6.500z"/>`),
  stop: icon(svg`<rect x="6.500" y="6.500" width="11" height="11" rx="2"/>`),
  check: icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
  reset: icon(svg`<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 3.8v4.7h4.7"/>`),
  fullScreen: icon(
    svg`<path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15"/>`,
  ),
  leaveFullScreen: icon(
    svg`<path d="M9 4v3.5A1.5 1.5 0 0 1 7.5 9H4M20 9h-3.5A1.5 1.5 0 0 1 15 7.5V4M15 20v-3.5a1.5 1.5 0 0 1 1.5-1.5H20M4 15h3.5A1.5 1.5 0 0 1 9 16.5V20"/>`,
  ),
  tilt: icon(
    svg`<rect x="8" y="4" width="8" height="16" rx="2" transform="rotate(-14 12 12)"/><path d="M20.5 8.5a9 9 0 0 1 0 7M3.500 15.500a9 9 0 0 1 0-7"/>`,
  ),
  options: icon(svg`<path d="M4 8h9M19 8h1M4 16h1M11 16h9"/><circle cx="16" cy="8" r="2.600"/><circle cx="8" cy="16" r="2.600"/>`),
  lock: icon(svg`<rect x="5" y="11" width="14" height="9" rx="2.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`),
  turn: icon(svg`<path d="m9 5 7 7-7 7"/>`, 'turn'),
  remove: icon(
    svg`<path d="M5 7h14M10 7V5.500A1.500 1.500 0 0 1 11.500 4h1A1.500 1.500 0 0 1 14 5.500V7M7 7l.8 11.200A2 2 0 0 0 9.800 20h4.400a2 2 0 0 0 2-1.800L17 7"/>`,
  ),
  warning: icon(svg`<path d="M12 4 2.800 19.500h18.400z"/><path d="M12 10.500v4M12 17.200v.1"/>`),
  info: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v5.500M12 7.600v.1"/>`),
  map: icon(
    svg`<rect x="3" y="4" width="18" height="16" rx="2.5"/><path d="M3 15c4-1 5-6 9-6s5 3 9 2"/><path d="M3 18.500c5 0 6-5 10-5s4 2.500 8 2.500"/>`,
  ),
  ply: icon(svg`<path d="m12 3 8 4.500v9L12 21l-8-4.500v-9z"/><path d="m4 7.500 8 4.500 8-4.500M12 12v9"/>`),
  html: icon(
    svg`<rect x="3" y="4.500" width="18" height="15" rx="2.500"/><path d="M3 9h18M6.200 6.800v.1M9 6.800v.1"/><path d="m10 12-2.300 2.300L10 16.600M14 12l2.300 2.300L14 16.600"/>`,
  ),
  'zoom-in': icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2"/><rect x="8.500" y="9.300" width="7" height="5.400" rx="1"/><path d="m5 7 2 1.600M19 7l-2 1.600M5 17l2-1.600M19 17l-2-1.600"/>`,
  ),
  'dolly-zoom-in': icon(
    svg`<circle cx="12" cy="12" r="3.200"/><path d="M3 5.500C7 8 7 16 3 18.500M21 5.500c-4 2.500-4 10.500 0 13"/><path d="M3 5.500c6 1.500 12 1.500 18 0M3 18.500c6-1.500 12-1.500 18 0"/>`,
  ),
  circle: icon(svg`<path d="M20 12a8 8 0 1 1-2.300-5.600"/><path d="M20.500 3.500v4h-4"/><circle cx="12" cy="12" r="1.600"/>`),
  swing: icon(
    svg`<path d="M3.500 9c5 4.500 12 4.500 17 0"/><path d="M3.300 13.500V9h4.500M20.700 13.500V9h-4.500"/><circle cx="12" cy="17.500" r="1.600"/>`,
  ),
  compare: icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.500"/><path d="M12 3v18"/><path d="m8.500 9.500-2.500 2.500 2.500 2.500M15.500 9.500l2.500 2.500-2.500 2.500"/>`,
  ),
  model: icon(
    svg`<circle cx="5" cy="7" r="2"/><circle cx="5" cy="17" r="2"/><circle cx="12.500" cy="12" r="2.200"/><circle cx="19.500" cy="7" r="1.800"/><circle cx="19.500" cy="17" r="1.800"/><path d="m6.800 8.200 3.900 2.600M6.800 15.800l3.900-2.600M14.400 10.800l3.600-2.700M14.400 13.200l3.600 2.700"/>`,
  ),
  inpaint: icon(
    svg`<path d="M9.500 14.500 19 4.500a1.800 1.800 0 0 1 2.500 2.500L11.500 16.500"/><path d="M9.500 14.500c-2.600-.3-4 1.200-4.300 3.200-.2 1.400-.9 2.200-2.200 2.500 1.400.9 3.300 1.300 5 .8 2.200-.6 3.600-2.200 3.500-4.500"/>`,
  ),
  left: icon(svg`<path d="m14.500 5-7 7 7 7"/>`),
  right: icon(svg`<path d="m9.500 5 7 7-7 7"/>`),
  sway: icon(svg`<path d="M3 12c2.500-5 5.500-5 9 0s6.500 5 9 0"/>`),
  folder: icon(
    svg`<path d="M3 18V6.500A1.500 1.500 0 0 1 4.500 5h4.300l2.200 2.500h8.500A1.500 1.500 0 0 1 21 9v9a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 18z"/>`,
  ),
  file: icon(
    svg`<path d="M6 3.500h8L19 8.500v11a1.500 1.500 0 0 1-1.500 1.500h-11.500A1.500 1.500 0 0 1 4.500 19.500V5A1.500 1.500 0 0 1 6 3.500z"/><path d="M13.500 3.500V9H19"/>`,
  ),
  inside: icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.500"/><path d="m12 8.500 5 2.600-5 2.600-5-2.600z"/><path d="m7.500 14.200 4.500 2.300 4.500-2.300"/>`,
  ),
  plugin: icon(svg`<path d="M9 4v4M15 4v4M6.500 8h11v4a5.500 5.500 0 0 1-11 0zM12 17.500V21"/>`),
  video: icon(svg`<rect x="3" y="5" width="18" height="14" rx="2.500"/><path d="m10.500 9.500 4 2.500-4 2.500z"/>`),
};

/** The mark: a flat U with a sphere that has left it. */
export const mark = html`<svg class="mark" viewBox="80 40 368 400" aria-hidden="true">
  <defs>
    <mask id="mark-cut" maskUnits="userSpaceOnUse" x="0" y="0" width="512" height="512">
      <path fill="#fff" stroke="none" d="M0 0h512v512H0z" />
      <circle cx="352" cy="160" r="114" fill="#000" stroke="none" />
    </mask>
  </defs>
  <path d="M142 128v148a112 112 0 0 0 224 0V128" stroke="currentColor" stroke-width="68" mask="url(#mark-cut)" />
  <circle cx="352" cy="160" r="86" fill="var(--accent-fill)" stroke="none" />
</svg>`;
