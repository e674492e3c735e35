/** The package's version; filled in by the build. */
declare const UNFLAT_VERSION: string;

export const VERSION = UNFLAT_VERSION;
