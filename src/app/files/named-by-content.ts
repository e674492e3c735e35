const GLB_TYPE = 'model/gltf-binary';
/** Pictures by their first bytes, as Latin-1. */
const PICTURES: readonly (readonly [mark: RegExp, extension: string, type: string])[] = [
  [/^\x89PNG/, 'png', 'image/png'],
  [/^\xff\xd8\xff/, 'jpg', 'image/jpeg'],
  [/^RIFF.{4}WEBP/s, 'webp', 'image/webp'],
  [/^.{4}ftypavi[fs]/s, 'avif', 'image/avif'],
  [/^.{4}ftyp(heic|heix|mif1)/s, 'heic', 'image/heic'],
];

/**
 * Files whose names say the wrong thing, as they are by their first bytes: a 3D photo that is called .png gets the type of one, a picture that
 * is called .glb a name of its own. All others as they are.
 */
export function namedByContent(files: readonly File[]): Promise<File[]> {
  return Promise.all(files.map(named));
}

async function named(file: File): Promise<File> {
  // What cannot be read says so where it is opened.
  const bytes = await file
    .slice(0, 12)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  const head = String.fromCharCode(...new Uint8Array(bytes));
  const isNamedGlb = /\.glb$/i.test(file.name);
  const { lastModified } = file;
  if (head.startsWith('glTF'))
    return isNamedGlb || file.type === GLB_TYPE ? file : new File([file], file.name, { type: GLB_TYPE, lastModified });
  const found = isNamedGlb ? PICTURES.find(([mark]) => mark.test(head)) : undefined;
  return found ? new File([file], file.name.replace(/glb$/i, found[1]), { type: found[2], lastModified }) : file;
}
