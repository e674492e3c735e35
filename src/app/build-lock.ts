/** A hash of all that this build was made of; filled in by the build. */
declare const UNFLAT_BUILD: string;

/** Which build a page or a service worker is of; empty where tests run the source. */
export const BUILD = typeof UNFLAT_BUILD === 'undefined' ? '' : UNFLAT_BUILD;

/** Begins the names of locks that pages hold: the rest is their build. */
export const BUILD_LOCK = 'unflat-build-';
