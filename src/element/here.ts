/** Undefined in a plain script; webpack puts the file's place on the disk of whoever ran it, which is out of a page's reach. */
const own = import.meta.url as string | undefined;
const isReachable = own !== undefined && !(own.startsWith('file:') && globalThis.document !== undefined && location.protocol !== 'file:');
const page = globalThis.document as Document | undefined;
/** Where the element's file is, with the package's other files beside it. A server that has bundled it asks for none of them. */
export const here = isReachable ? own : (page?.currentScript as HTMLScriptElement | null)?.src || page?.baseURI || 'file:///';
