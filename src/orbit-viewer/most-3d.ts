/** Most that is taken into memory; what a device draws at a usable pace is less. */
export const MOST_3D = { vertices: 20_000_000, triangles: 30_000_000 };
