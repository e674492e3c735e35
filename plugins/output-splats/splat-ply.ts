import { SPLAT_NUMBERS, coefficientOf, type SplatList } from './splat-list.ts';

/** In the order of a `SplatList`. */
const PROPERTIES = [
  'x',
  'y',
  'z',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
  'opacity',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
];

/**
 * Splats as a PLY file like that of "3D Gaussian Splatting for Real-Time Radiance Field Rendering" (Kerbl et al. 2023): x right, y down, z
 * away from the photo's camera, sizes as logarithms, opacity before the logistic function, colour as a spherical harmonic's coefficient.
 */
export function splatPly(splats: SplatList): Blob {
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    'comment made by Unflat',
    'comment Gaussian splats; y points down and z away from the camera, which is at the origin',
    `element vertex ${splats.count}`,
    ...PROPERTIES.map((name) => `property float ${name}`),
    'end_header\n',
  ].join('\n');
  const from = splats.numbers;
  const rows = new DataView(new ArrayBuffer(4 * from.length));
  for (let at = 0; at < from.length; at += SPLAT_NUMBERS) {
    const put = (n: number, value: number): void => rows.setFloat32(4 * (at + n), value, true);
    put(0, from[at]!);
    put(1, -from[at + 1]!);
    put(2, -from[at + 2]!);
    for (let c = 0; c < 3; c++) put(3 + c, coefficientOf(from[at + 3 + c]!));
    const opacity = from[at + 6]!;
    put(6, Math.log(opacity / (1 - opacity)));
    for (let k = 0; k < 3; k++) put(7 + k, Math.log(from[at + 7 + k]!));
    // A half turn about x, before the splat's own.
    const [w, x, y, z] = [from[at + 10]!, from[at + 11]!, from[at + 12]!, from[at + 13]!];
    put(10, -x);
    put(11, w);
    put(12, -z);
    put(13, y);
  }
  return new Blob([header, rows.buffer], { type: 'model/ply' });
}
