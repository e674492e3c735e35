/** What Macs, Windows, Linux desktops and photo programs put into folders for themselves. */
const SYSTEM_FILE =
  /^(?:\._.*|\.ds_store|\.localized|icon\r|thumbs\.db|ehthumbs(?:_vista)?\.db|desktop\.ini|\.?picasa\.ini|\.directory|\.nomedia|\.fuse_hidden.*|\.nfs.*|~\$.*|zbthumbnail\.info)$/i;
/** Folders of the same kind, with all that is in them. */
const SYSTEM_FOLDER =
  /^(?:__macosx|\.spotlight-v100|\.trashes|\.fseventsd|\.temporaryitems|\.appledouble|@eadir|\$recycle\.bin|system volume information|\.picasaoriginals|\.thumbnails|\.git)$/i;

/** Whether a file or a folder of that name, or any folder on the path to it, is a system's own and was never meant by the person. */
export function isSystemFile(path: string): boolean {
  const parts = path.split(/[\\/]/);
  return SYSTEM_FILE.test(parts.at(-1) ?? '') || parts.some((part) => SYSTEM_FOLDER.test(part));
}
