/** Sides of the small picture that is looked at. */
const SIDE = 64;
/** Mean difference between the channels, 0..255, up to which a picture counts as grey; JPEG leaves a little. */
const MOST_COLOUR = 3;

/** Whether a picture file has no colour, as depth maps have none; undefined when it cannot be decoded. */
export async function looksGrey(file: Blob): Promise<boolean | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { resizeWidth: SIDE, resizeHeight: SIDE });
  } catch {
    return undefined;
  }
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  let difference = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
    difference += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return difference / (SIDE * SIDE) <= MOST_COLOUR;
}
