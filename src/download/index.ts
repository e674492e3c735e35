/** Fetches a model's files, in parts that can go on later, for the browser's store and the command line's folder. */
export { checksum } from './checksum.ts';
export { byHand } from './download-errors.ts';
export { download, type DownloadOptions, type DownloadSink, type Downloaded } from './download.ts';
export { DownloadRate } from './download-rate.ts';
