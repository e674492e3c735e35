/** What page and service worker say to each other. */
export const SKIP_WAITING = 'skip-waiting';
/** Cache in which shared photos wait for the page. */
export const SHARED_CACHE = 'unflat-shared';
/** Addresses in that cache: prefix, number, slash, encoded file name. */
export const SHARED_PREFIX = '/shared-photo/';

/** Says, as `{ type, urls }`, which files of models are to be kept for offline use. */
export const KEEP_FILES = 'keep-files';
/** Says, as `{ type }`, that files of builds of which no page is open may go. */
export const DROP_FORMER = 'drop-former';
