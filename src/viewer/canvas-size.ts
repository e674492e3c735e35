/** How the photo's picture lies in the element's box. */
export type Fit = 'contain' | 'cover';

/** No more pixels than this, whatever the screen: four bytes of colour and four of depth, times four for antialiasing. */
const MOST_PIXELS = 6 * 2 ** 20;
/** A canvas this much smaller than the photo would shimmer; the browser scales a larger one down smoothly. */
const LEAST_OF_PHOTO = 2 / 3;

/**
 * Size of the canvas in device pixels, with the photo's aspect; `shownSide` is the longer side of the picture on the page, in CSS pixels.
 * @param box the element's size in CSS pixels.
 * @param photo the photo's working size in pixels; `sharpest` is the longer side of its finest version.
 */
export function canvasSize(
  box: { width: number; height: number },
  photo: { width: number; height: number; sharpest: number },
  pixelRatio: number,
  fit: Fit,
  maxSide: number,
): { width: number; height: number; shownSide: number } {
  const byWidth = box.width / photo.width;
  const byHeight = box.height / photo.height;
  const cssScale = fit === 'cover' ? Math.max(byWidth, byHeight) : Math.min(byWidth, byHeight);
  const shown = cssScale * pixelRatio;
  const longer = Math.max(photo.width, photo.height);
  // Finer than twice the photo's own pixels shows nothing more.
  let scale = Math.min(Math.max(shown, LEAST_OF_PHOTO), (2 * Math.max(photo.sharpest, longer)) / longer, maxSide / longer);
  scale = Math.min(scale, Math.sqrt(MOST_PIXELS / (photo.width * photo.height)));
  return {
    width: Math.max(1, Math.round(photo.width * scale)),
    height: Math.max(1, Math.round(photo.height * scale)),
    shownSide: longer * cssScale,
  };
}
