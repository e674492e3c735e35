/** `width × height` scaled so that the longer side is at most `longerSidePx` pixels; never enlarged, each side a whole number, at least 1. */
export function fitInto(width: number, height: number, longerSidePx: number): { width: number; height: number } {
  const scale = Math.min(1, longerSidePx / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
