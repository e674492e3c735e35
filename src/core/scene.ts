import type { Layer } from './layer.ts';
import type { Lens } from './lens.ts';
import type { DepthMap } from './depth-map.ts';
import type { Raster } from './raster.ts';

/** How far the camera may move from the photo's own place before what was never seen comes into view. */
export interface Eyebox {
  /** Largest |x| of the camera in scene units. Largest x and y are not reached at once: they stay within an ellipse. */
  x: number;
  /** Largest |y| of the camera in scene units. */
  y: number;
  /** Largest |z| of the camera in scene units. */
  z: number;
}

/**
 * A layer's triangles for viewing: a coarse grid of tiles, one quad for each surface that a tile
 * touches, running on past the silhouette. A renderer cuts the silhouette out by disparity: of a
 * soft triangle it shows, at each point, only those layer pixels round it (the 2×2 of bilinear
 * filtering) whose own disparity lies within the triangle's [low, high]. So silhouettes are as
 * fine as the pixels while triangles stay few, and nothing of a neighbouring surface bleeds in.
 * The silhouette runs where those pixels' bilinear weights, times their alpha, sum to 0.4: at one
 * half, corners and thin things would lose more than straight edges gain.
 */
export interface LayerMesh {
  /**
   * Five numbers a vertex: x and y in layer pixels (pixel centres at +0.5), disparity, and low and
   * high, the disparities between which a layer pixel belongs to this vertex's surface (the same for
   * all vertices of a quad). Quads share no vertices but agree to the bit where a surface runs on.
   */
  vertices: Float32Array;
  /** Three vertex indices a triangle. */
  indices: Uint32Array;
  /**
   * Index position (a multiple of 3) where the soft triangles begin: those touch a silhouette, need
   * the test by disparity and soft edges. Triangles before it are wholly covered by their surface,
   * two pixels around included.
   */
  softStart: number;
}

/** Disparity of layer pixels that hold nothing (alpha 0): outside every surface's [low, high]. */
export const NOTHING = -8;

/** What a scene was made from and how; nothing that tells who or where. */
export interface SceneOrigin {
  /** SHA-256 of the photo's file, 64 lower-case hexadecimal digits. */
  photoHash: string;
  /** Size of the photo's file in pixels, upright. */
  originalWidth: number;
  originalHeight: number;
  /** Id of the depth source, and of its model where one ran. */
  depthSource: string;
  depthModel?: string;
  /** Id of the inpainter, and of its model where one ran. */
  inpainter?: string;
  inpaintModel?: string;
  /** The settings that are numbers, by name. */
  settings?: Record<string, number>;
}

/** All that is needed to show, move around in and save a 3D photo. Plain data, structured-cloneable. */
export interface Scene {
  /** The photo's file name without extension. */
  name: string;
  /** Working width of the photo in pixels, without margin. */
  width: number;
  /** Working height of the photo in pixels, without margin. */
  height: number;
  /** The photo’s lens, and how disparity becomes distance. */
  lens: Lens;
  /** How far the camera may go. */
  eyebox: Eyebox;
  /** How many times as far as usual cameras go, for the depth that the person asked for; the eyebox has room for it. Default 1. */
  movement?: number;
  /** The depth map after sharpening, at working size. */
  depth: DepthMap;
  /** The photo and what lies behind it, front first. */
  layers: Layer[];
  /** One mesh a layer, in the same order. */
  meshes: LayerMesh[];
  /** The photo at its own resolution (scaled down to at most 4096 pixels), for sharper viewing where layer 0 is whole. */
  detail?: Raster;
  /** What it was made from and how; absent where that is not known. */
  origin?: SceneOrigin;
}
