/** The camera moves a picture's nearest things by a few hundredths of its size: below this, in pixels, that is less than one. */
const LEAST_SIDE = 16;

interface Size {
  width: number;
  height: number;
}

/**
 * For people: that nothing will be seen to move in a photo, as it has too few pixels, or too few at its working size as it is so long.
 * @param worked its working size. @returns undefined for all usual photos.
 */
export function sizeWarning(name: string, { width, height }: Size, worked: Size): string | undefined {
  if (Math.min(worked.width, worked.height) >= LEAST_SIDE) return undefined;
  const isLong = Math.max(width, height) >= LEAST_SIDE * 8;
  const isScaled = worked.width < width || worked.height < height;
  const size = `${name} is ${width} × ${height} pixels${isScaled ? `, ${worked.width} × ${worked.height} at the working size` : ''}`;
  return `${size}: it is too ${isLong ? 'narrow' : 'small'} for movement to be visible. ${isLong ? 'Crop it to a less narrow part.' : 'Use a larger version, if there is one.'}`;
}
