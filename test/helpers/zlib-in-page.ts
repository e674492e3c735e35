/** As much of `node:zlib` as the contract's tests use, for pages. */
import { unzlibSync, zlibSync } from 'fflate';

export const deflateSync = (bytes: Uint8Array): Uint8Array => zlibSync(bytes);
export const inflateSync = (bytes: Uint8Array): Uint8Array => unzlibSync(bytes);
