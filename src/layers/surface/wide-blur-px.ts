/** Maps blurred by more than this, in pixels, are of models that saw a far smaller photo: their silhouettes are where they say by as much only. */
export const WIDE_BLUR_PX = 2.3;
