/** The version of this contract that a plugin was written for. */
export const API_VERSION = 1;
