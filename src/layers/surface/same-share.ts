/** Depths within this share of a silhouette's step belong to its near or its far side. */
export const SAME_SHARE = 0.35;
