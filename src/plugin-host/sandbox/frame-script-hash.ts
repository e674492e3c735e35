/** SHA-256 of the frame's script in base64, as policies name it; it stands in the app's policy too, see src/cli/content-policy.mjs. */
export const FRAME_SCRIPT_HASH = 'wTMp6mv/uIF23tUtYMnGyNCPgKkcEFCjGFvHbs3+FNc=';
