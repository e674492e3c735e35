/** Brightness of a colour by Rec. 709's weights; equal channels give exactly their own value. */
export function luma(red: number, green: number, blue: number): number {
  if (red === green && green === blue) return red;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A map with more than this share of coloured samples is no plain grey one. */
export const COLOURED_SHARE = 0.05;

/** Whether the channels differ by more than JPEG's rounding of a grey picture explains. */
export function isColoured(red: number, green: number, blue: number, fullScale: number): boolean {
  return Math.max(red, green, blue) - Math.min(red, green, blue) > fullScale * 0.05;
}

/** What to say of a map in false colours. */
export function colouredWarning(what: string): string {
  return `${what} is in colour, but depth is read from its brightness. If it shows depth as a rainbow, bring a grey map.`;
}
