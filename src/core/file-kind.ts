/** A kind of file that is no photo here: people bring many by mistake, or because another program reads them. */
export interface FileKind {
  /** With its article: `a Photoshop file`. */
  name: string;
  /** What to do to get a photo out of it. */
  asPhoto: string;
  /** What to do to get a depth map out of it. */
  asMap: string;
  /** Set for files of depth maps, which belong to a photo. */
  isMap?: true;
}

const kind = (name: string, asPhoto: string, asMap: string): FileKind => ({ name, asPhoto, asMap });
const map = (name: string): FileKind => ({
  name,
  asPhoto: 'It is read as a depth map: open it together with its photo.',
  asMap: 'Save it again.',
  isMap: true,
});
const picture = (name: string): FileKind => kind(name, 'Save it as JPEG or PNG.', 'Save it as 8 or 16-bit PNG.');
const array = (name: string, how: string): FileKind => kind(name, 'Choose the photo itself (JPEG, PNG, HEIC, WebP, AVIF).', how);
const archive = (name: string): FileKind =>
  kind(name, 'Unpack it and choose the photo in it.', 'Unpack it and choose the depth map in it.');
const model3d = (name: string): FileKind =>
  kind(
    name,
    'The Unflat app shows it. For a 3D photo, choose the photo that belongs to it, or a picture rendered from it.',
    'Render its depth as an OpenEXR or 16-bit PNG file.',
  );
const other = (name: string): FileKind =>
  kind(name, 'Choose a photo (JPEG, PNG, HEIC, WebP, AVIF).', 'Choose a depth map (PNG, TIFF, OpenEXR, NPY, PFM).');

const RAW = kind('a raw camera file', 'Develop it in a photo program and save it as JPEG or PNG.', 'Save its depth map as 16-bit PNG.');
const TIFF: FileKind = {
  ...kind('a TIFF file', 'Save it as JPEG or PNG. TIFF is read for depth maps only, opened together with their photo.', 'Save it again.'),
  isMap: true,
};
const PFM = map('a PFM file');
const PGM: FileKind = {
  ...kind('a PGM or PPM file', 'Save it as PNG. PGM is read for depth maps only, opened together with their photo.', 'Save it again.'),
  isMap: true,
};
const NPZ = map('a NumPy archive (NPZ)');
const ZIP = archive('a ZIP archive');
const VIDEO = kind('a video', 'Save one frame of it as JPEG or PNG.', 'Save one frame of it as PNG.');
const SOUND = other('a sound file');
const NUMPY = 'Save the array with np.save (NPY), or as 16-bit PNG.';
const WEB_PAGE = kind(
  'a web page',
  'The download is a web page instead of the photo: save the image itself.',
  'The download is a web page instead of the map: save the file itself.',
);

/** By what stands at an offset; the first that fits counts. */
const MARKS: readonly (readonly [offset: number, mark: string, kind: FileKind])[] = [
  [0, '\x93NUMPY', map('a NumPy array (NPY)')],
  [0, 'Pf\n', PFM],
  [0, 'Pf\r', PFM],
  [0, 'Pf ', PFM],
  [0, 'PF\n', PFM],
  [0, 'PF\r', PFM],
  [0, 'PF ', PFM],
  [0, '\x76\x2f\x31\x01', map('an OpenEXR file')],
  [0, 'II*\0\x10\0\0\0CR', RAW],
  [0, 'IIRO', RAW],
  [0, 'IIRS', RAW],
  [0, 'MMOR', RAW],
  [0, 'IIU\0', RAW],
  [0, 'FUJIFILMCCD-RAW', RAW],
  [0, 'FOVb', RAW],
  [4, 'ftypcrx', RAW],
  [0, 'II*\0', TIFF],
  [0, 'MM\0*', TIFF],
  [0, 'II+\0', TIFF],
  [0, 'MM\0+', TIFF],
  [0, '8BPS', picture('a Photoshop file')],
  [0, '\xff\x0a', picture('a JPEG XL picture')],
  [4, 'JXL ', picture('a JPEG XL picture')],
  [4, 'jP  ', picture('a JPEG 2000 picture')],
  [0, '\xff\x4f\xff\x51', picture('a JPEG 2000 picture')],
  [0, '#?RADIANCE', kind('a Radiance picture (HDR)', 'Save it as JPEG or PNG.', 'Save it as OpenEXR, TIFF or 16-bit PNG.')],
  [0, '#?RGBE', kind('a Radiance picture (HDR)', 'Save it as JPEG or PNG.', 'Save it as OpenEXR, TIFF or 16-bit PNG.')],
  [0, 'DDS ', picture('a DDS texture')],
  [0, '\xabKTX ', picture('a KTX texture')],
  [0, 'qoif', picture('a QOI picture')],
  [0, 'gimp xcf', picture('a GIMP file (XCF)')],
  [0, '\0\0\x01\0', picture('an icon (ICO)')],
  [0, '%PDF', kind('a PDF', 'Save the picture in it as JPEG or PNG.', 'Save the map in it as PNG.')],
  [0, '%!PS', kind('a PostScript file', 'Save the picture in it as JPEG or PNG.', 'Save the map in it as PNG.')],
  [0, 'MATLAB 5.0', array('a MATLAB file (MAT)', 'Save the matrix with imwrite as 16-bit PNG or TIFF.')],
  [0, '\x89HDF\r\n\x1a\n', array('an HDF5 or MATLAB file', 'Save the array in it as NPY (np.save), TIFF or 16-bit PNG.')],
  [0, 'CDF\x01', array('a NetCDF file', 'Save the array in it as NPY (np.save), TIFF or 16-bit PNG.')],
  [0, 'SIMPLE  =', array('a FITS file', 'Save the array in it as NPY (np.save), TIFF or 16-bit PNG.')],
  [0, '\x1aE\xdf\xa3', VIDEO],
  [0, 'FLV\x01', VIDEO],
  [0, '\0\0\x01\xba', VIDEO],
  [8, 'AVI ', VIDEO],
  [4, 'ftypM4A', SOUND],
  [4, 'ftyp', VIDEO],
  [4, 'moov', VIDEO],
  [0, 'OggS', SOUND],
  [0, 'ID3', SOUND],
  [0, 'fLaC', SOUND],
  [8, 'WAVE', SOUND],
  [0, 'ply\n', model3d('a PLY model')],
  [0, 'ply\r', model3d('a PLY model')],
  [0, 'glTF', model3d('a GLB model')],
  [0, 'Kaydara FBX', model3d('an FBX model')],
  [0, 'BLENDER', model3d('a Blender file')],
  [0, 'PK\x03\x04', ZIP],
  [0, '\x1f\x8b', archive('a compressed file (gzip)')],
  [0, '7z\xbc\xaf', archive('a 7-Zip archive')],
  [0, 'Rar!', archive('a RAR archive')],
  [257, 'ustar', archive('a TAR archive')],
  [0, 'version https://git-lfs', other('a Git LFS pointer, not the file itself')],
  [0, '\0\x05\x16\x07', other('a macOS companion file (its name begins with “._”), not the file itself')],
  [0, '\xd0\xcf\x11\xe0', other('an Office document')],
];

/** 3D files without a mark of their own, by the ends of their names. */
const MODEL_3D_NAMES: readonly (readonly [names: RegExp, kind: FileKind])[] = [
  [/\.gltf$/i, model3d('a glTF model')],
  [/\.(splat|spz|ksplat|sog)$/i, model3d('a file of Gaussian splats')],
];

/** By the name, where the bytes alone do not tell it from another kind. */
const RAW_NAMES = /\.(dng|nef|nrw|arw|srf|sr2|pef|srw|3fr|iiq|erf|kdc|dcr|mos|mef|rwl)$/i;

const MODEL_NAMES = /\.(onnx|pth?|safetensors|ckpt|tflite)$/i;
const MODEL = other('a file of model weights');

/**
 * Names what a file is that is no picture a browser decodes.
 * @param name the file's name; it tells raw camera files from TIFF, and models from archives.
 * @returns a kind in any case: `a file of an unknown kind` where nothing is known.
 */
export function fileKind(bytes: Uint8Array, name = ''): FileKind {
  const model3dByName = MODEL_3D_NAMES.find(([names]) => names.test(name))?.[1];
  if (model3dByName) return model3dByName;
  const known = MARKS.find(([offset, mark]) => hasMark(bytes, offset, mark))?.[2];
  if (known === TIFF && RAW_NAMES.test(name)) return RAW;
  if (known === ZIP && firstName(bytes).endsWith('.npy')) return NPZ;
  if (/^P[1-7][\s#]/.test(String.fromCharCode(...bytes.subarray(0, 3)))) return PGM;
  if (known === ZIP && MODEL_NAMES.test(name)) return MODEL;
  if (known) return known;
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 9) <= 5) return array('a Python pickle, which is never opened', NUMPY);
  if (MODEL_NAMES.test(name)) return MODEL;
  if (bytes.length > 16 && bytes.subarray(0, 65_536).every((byte) => byte === 0)) return other('empty: its bytes are all zero');
  return textKind(bytes, name) ?? other('a file of an unknown kind');
}

const PICTURE_MARKS: readonly (readonly [offset: number, mark: string])[] = [
  [0, '\xff\xd8\xff'],
  [0, '\x89PNG\r\n\x1a\n'],
  [8, 'WEBP'],
  [0, 'GIF8'],
  ...['avif', 'avis', 'heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1'].map((brand) => [4, `ftyp${brand}`] as const),
];

/** Whether a file begins as a picture that is opened here does: JPEG, PNG, WebP, AVIF, HEIC or GIF. @param bytes its first 16 or more. */
export function beginsAsPicture(bytes: Uint8Array): boolean {
  return PICTURE_MARKS.some(([offset, mark]) => hasMark(bytes, offset, mark));
}

function textKind(bytes: Uint8Array, name: string): FileKind | undefined {
  const start = bytes.subarray(0, 2048);
  const isText = start.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
  const text = String.fromCharCode(...start)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (!isText) return undefined;
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/s.test(text)) return picture('an SVG drawing');
  if (/^(<!doctype html|<html)/i.test(text)) return WEB_PAGE;
  if (/^[[{]/.test(text)) return array('a JSON file', NUMPY);
  if (/^(#.*\n)*(o |v |g |mtllib )/.test(text) && /\.obj$/i.test(name)) return model3d('an OBJ model');
  if (/^[-+\d.eE,;\s|"nNaAiIfF]+$/.test(text.slice(0, 200)) && /\d/.test(text)) return array('a table of numbers (CSV or text)', NUMPY);
  return array('a text file', NUMPY);
}

/** The name of the first file in a ZIP archive. */
function firstName(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(30, 30 + Math.min(200, (bytes[26] ?? 0) + 256 * (bytes[27] ?? 0))));
}

function hasMark(bytes: Uint8Array, offset: number, mark: string): boolean {
  if (offset + mark.length > bytes.length) return false;
  for (let i = 0; i < mark.length; i++) if (bytes[offset + i] !== mark.charCodeAt(i)) return false;
  return true;
}
