/** Brightness of a colour by Rec. 709's weights; equal channels give exactly their own value. */
export function luma(red: number, green: number, blue: number): number {
  if (red === green && green === blue) return red;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether the channels differ by more than JPEG's rounding of a grey picture explains. */
export function isColoured(red: number, green: number, blue: number, fullScale: number): boolean {
  return Math.max(red, green, blue) - Math.min(red, green, blue) > fullScale * 0.05;
}
