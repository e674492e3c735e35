/**
 * Palettes of false-colour depth maps, as knots of piecewise linear curves: `iirrggbb` in hexadecimal, position 0 to 255 and colour.
 * At most 3 of 255 levels per channel away from the originals (Matplotlib's colour maps, CC0; ColorBrewer's; Google's turbo;
 * KITTI's disparity colours). Those that people mostly use reversed (`_r`) are stored so.
 */
const KNOTS = {
  jet: '00000080 200000ff 6000ffff a0ffff00 e0ff0000 ff800000',
  jet_mpl: '00000080 1c0000ff 210004ff 5600d8ff 5a02e9f4 6016ffe1 a3eeff09 a6f8f500 a9ffea00 e3ff1300 e8e80000 ff800000',
  turbo:
    '0030123b 0a3b2f80 164351bf 1d4664da 244776ee 2a4685fa 304294ff 3c2fb2f4 4a1ad2d2 551ae4b6 5920eaac 6238f491 706dfe62 7a92ff47 81a7fc3a 89bcf534 9eebd339 abfbb838 bafe9029 cbf15d13 dadc3a07 edb21a01 ff7a0403',
  viridis: '00440154 1e472a7a 3a3e4c8a 7d218e8d 8d1e9d89 9922a884 ae3bbb75 c160ca60 d795d840 f0d8e219 f6e7e419 fffde725',
  plasma: '000d0887 0720068f 1f4b03a1 377100a8 418004a8 5ba31e9a 8ad5536f adef7c51 cafca338 e0fdc527 fbf2f227 fff0f921',
  inferno:
    '00000004 130e092b 282f0a5b 33420a68 4159106e 53751b6e 69982766 92d44842 acef6c23 c2fa9207 c9fc9f07 d1fcae12 e1f8cd37 e9f4dd4f f4f1f179 fffcffa4',
  magma: '00000004 0c06051a 1b160f3b 3036106b 3e4e117b 4f681c81 69912b81 7db2357b 95d8456c acf2645c c0fc8961 d8feb67c fffcfdbf',
  cividis: '0000224e 16003171 1c123570 23203a6f 3538476c 56585e6d 7d7a7a78 98938e78 b5b0a571 d0cdbb64 ebead34d fbfde334 fffee838',
  Spectral_r: '005e4fa2 1a3389bd 3366c2a5 4595d5a4 4aa6dba4 66e6f598 7fffffbe 9afedf8a b3fdae61 ccf36c43 e8d1394e ff9e0142',
  RdYlBu_r: '00313695 1a4676b5 3475aed1 3b86bcd9 4dacdae9 66e0f3f8 7ffeffc0 9afedf8f b3fdae61 b5fca65d cbf57145 e5d73027 ffa50026',
  RdBu_r: '00053061 192065ab 344594c4 4d93c6de 67d3e6f0 7ff6f7f7 9afddac6 a5f9c1a5 b3f4a582 ccd55f4c e5b2182b ff67001f',
  coolwarm: '003b4cc0 104e68d8 25688aef 3f8caffe 4fa2c1ff 62bbd1f8 7fdcdddd 8dead5c9 a0f5c4ac bef59c7d d3e9785d efcb3e38 f7c0282f ffb40426',
  bwr: '000000ff 7ffefeff ffff0000',
  hot: '000b0000 5dff0000 befffe00 ffffffff',
  afmhot: '00000000 3f7e0000 7ffe7f00 befffd7d ffffffff',
  gist_heat: '00000000 7fbf0000 aaff5500 bfff7f00 ffffffff',
  gnuplot2: '00000000 400100ff 6b8700ff 91fe4cb3 eafffe01 ebffff05 ecffff11 ffffffff',
  CMRmap: '00000000 20262680 404d26bf 5f973381 80ff4126 9fe67f00 bfe6bf19 dfe6e57f ffffffff',
  rainbow: '008000ff 233a6bf9 4001b5eb 5021d5e1 5e3dead5 6c59f8c9 7b76ffb9 8891feab 9bb7f193 acd8da7d befdb763 dcff6b37 ffff0000',
  nipy_spectral:
    '00000000 0d770088 19870098 1a83009a 260300aa 330000dd 400078dd 4c0098dd 5900aaab 6600aa88 73009a00 9900ff00 a6bcff00 b3efed00 bfffcd00 ccff9900 d9fe0000 e5de0000 f2cc0000 f3cc0c0c ffcccccc',
  YlGnBu_r: '00081d58 20253494 40225ea8 601d91c0 7f40b5c4 a386d0ba bdc3e7b4 dfedf8b1 ffffffd9',
  YlOrRd_r: '00800026 20bd0026 29c80723 40e31a1c 5ffc4d2a 80fd8e3c 9efeb04b bcfed672 ffffffcc',
  cool: '0000ffff ffff00ff',
  winter: '000000ff ff00ff80',
  summer: '00008066 ffffff66',
  autumn: '00ff0000 ffffff00',
  spring: '00ff00ff ffffff00',
  kitti: '00000000 1d0000ff 4cff0000 69ff00ff 9600ff00 b300ffff e2ffff00 ffffffff',
  hsv: '00ff0000 2bffff00 5500ff00 8000ffff aa0000ff d5ff00ff ffff0000',
} satisfies Record<string, string>;

/** A palette's name, mostly as Matplotlib spells it; `jet` is Matlab's and OpenCV's, `jet_mpl` Matplotlib's. */
export type PaletteName = keyof typeof KNOTS;

export const PALETTE_NAMES = Object.keys(KNOTS) as PaletteName[];

/** A colour on a palette. */
export interface Knot {
  /** Position along the palette, 0 to 255. */
  at: number;
  /** Red, green and blue, 0 to 255. */
  colour: readonly [number, number, number];
}

/** The palette's name for people. */
export function paletteTitle(name: PaletteName): string {
  return name === 'jet_mpl' ? 'jet (Matplotlib)' : name.replace(/_r$/, '').replaceAll('_', ' ');
}

export function knotsOf(name: PaletteName): Knot[] {
  return KNOTS[name].split(' ').map((text) => {
    const byte = (i: number): number => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return { at: byte(0), colour: [byte(1), byte(2), byte(3)] };
  });
}
