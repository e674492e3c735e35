import { EXTENSION, isGlb } from '../scene-file/index.ts';

/** A 3D file that is no 3D photo of Unflat, with the files that came along. */
export interface Other3dFile {
  kind: 'gltf' | 'ply' | 'splat' | 'spz';
  file: File;
  companions: readonly File[];
}

/** For file dialogs. */
export const OTHER_3D_TYPES = '.glb,.gltf,.bin,.ply,.splat,.spz';
/** No description of a 3D photo is longer. */
const MOST_JSON_BYTES = 2 ** 24;
const PICTURE = /\.(jpe?g|png|webp|avif|heic|heif|hif|gif|bmp)$/i;

/**
 * Finds the 3D file among files that came together, which is not for the photo's path: GLB files without the extension of 3D photos,
 * glTF, PLY, .splat and .spz. Looks at names and first bytes alone.
 * @returns undefined where there is none, or where 3D photos or pictures came that it does not need: then the person means those.
 */
export async function findOther3dFile(files: readonly File[]): Promise<Other3dFile | undefined> {
  const kinds = await Promise.all(files.map(kindOf));
  for (const [n, file] of files.entries()) {
    const kind = kinds[n];
    if (!kind || kind === 'ours') continue;
    const companions = files.filter((each) => each !== file);
    if ((!companions.some(isPicture) && !kinds.includes('ours')) || (kind === 'gltf' && !isGlbName(file)))
      return { kind, file, companions };
  }
  return undefined;
}

/** @returns 'ours' for a 3D photo. */
async function kindOf(file: File): Promise<Other3dFile['kind'] | 'ours' | undefined> {
  const head = new Uint8Array(await file.slice(0, 20).arrayBuffer());
  if (isGlb(head)) return (await isOurs(file, head)) ? 'ours' : 'gltf';
  if (/^ply[\r\n]/.test(String.fromCharCode(...head.subarray(0, 4)))) return 'ply';
  const [, name] = /\.(gltf|ply|splat|spz)$/i.exec(file.name) ?? [];
  return name?.toLowerCase() as Other3dFile['kind'] | undefined;
}

/** Whether it is a 3D photo, as far as its description can be read; what is damaged there the photo's reader says. */
async function isOurs(file: File, head: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const length = head.length === 20 ? new DataView(head.buffer).getUint32(12, true) : 0;
  if (length > MOST_JSON_BYTES) return false;
  try {
    const json = JSON.parse(await file.slice(20, 20 + length).text()) as { extensions?: Record<string, unknown> };
    return json.extensions?.[EXTENSION] !== undefined;
  } catch {
    return true;
  }
}

const isPicture = ({ name, type }: File): boolean => type.startsWith('image/') || PICTURE.test(name);
const isGlbName = ({ name }: File): boolean => /\.glb$/i.test(name);
