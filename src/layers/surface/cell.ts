/** Side, in pixels, of the cells in which what lies nearby is summed up, and as a power of two. */
export const CELL_BITS = 3;
export const CELL = 1 << CELL_BITS;
