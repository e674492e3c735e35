import { unsafeCSS } from 'lit';

/** A phone held upright, or a narrow window: the picture above, the panel below it. */
export const UPRIGHT = unsafeCSS('(max-width: 760px) and (orientation: portrait), (max-width: 760px) and (min-height: 561px)');
/** A phone on its side, or a low window: the panel beside the picture, however narrow that gets. */
export const SIDEWAYS = unsafeCSS('(max-height: 560px) and (orientation: landscape)');
/** The same, so narrow that words have to give way. */
export const SIDEWAYS_SMALL = unsafeCSS('(max-height: 560px) and (orientation: landscape) and (max-width: 760px)');
