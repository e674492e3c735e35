/** Undefined in a plain script; webpack puts the file's place on the disk of whoever ran it, which is out of a page's reach. */
const own = import.meta.url as string | undefined;
const isReachable = own !== undefined && !(own.startsWith('file:') && globalThis.document !== undefined && location.protocol !== 'file:');
/** Where the element's file is, with the package's other files beside it. */
export const here = isReachable ? own : (document.currentScript as HTMLScriptElement | null)?.src || document.baseURI;
