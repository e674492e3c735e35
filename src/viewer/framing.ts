import { inverseDepth, translation, type Camera, type Scene } from '../core/index.ts';

/** A place in the eyebox: x right, y up, together within the unit circle; z into the picture, −1..1. The photo's own place is 0, 0, 0. */
export interface Look {
  /** To the right, −1..1. */
  x: number;
  /** Upward, −1..1. */
  y: number;
  /** Into the image, −1..1. */
  z: number;
}

/** How a scene is framed while one looks around. */
export interface Framing {
  /** Inverse distance that stays in place, 1/scene units: the middle of the scene, so that near and far move against each other. */
  pivot: number;
  /** Enlargement by which the picture's edge never comes into view, 1..1.08. */
  zoom: number;
}

const MOST_ZOOM = 1.08;

/** Works out a scene's framing; `strength` is how much of the eyebox is used, 0..1. */
export function framingOf(scene: Scene, strength = 1): Framing {
  const { lens, eyebox, depth, width, height } = scene;
  const pivot = inverseDepth(lens, quantile(depth.disparity, 0.5));
  const margin = scene.layers[0]?.margin ?? 0;
  const longer = Math.max(width, height);
  let zoom = 1.005;
  for (const q of borderExtremes(scene)) {
    const back = 1 + eyebox.z * strength * q;
    const shiftX = Math.abs(q - pivot) * eyebox.x * strength * lens.fx * longer;
    const shiftY = Math.abs(q - pivot) * eyebox.y * strength * lens.fy * longer;
    // Half the picture must fit into half the photo with its margin, moved and shrunk by perspective.
    zoom = Math.max(
      zoom,
      width / 2 / Math.max(1, (width / 2 + margin) / back - shiftX),
      height / 2 / Math.max(1, (height / 2 + margin) / back - shiftY),
    );
  }
  return { pivot, zoom: Math.min(MOST_ZOOM, zoom) };
}

/** The camera at a place in the eyebox for a picture with the photo's aspect. */
export function lookCamera(scene: Scene, framing: Framing, look: Look, width: number, height: number, strength = 1): Camera {
  const { lens, eyebox } = scene;
  const scale = Math.max(width, height) / Math.max(scene.width, scene.height);
  const longer = Math.max(scene.width, scene.height) * scale;
  const x = look.x * eyebox.x * strength;
  const y = look.y * eyebox.y * strength;
  const z = -look.z * eyebox.z * strength;
  const fx = lens.fx * longer * framing.zoom;
  const fy = lens.fy * longer * framing.zoom;
  // The lens shifts against the camera, as in a view camera, and so holds the pivot in place.
  const hold = framing.pivot / (1 + z * framing.pivot);
  return {
    width,
    height,
    fx,
    fy,
    cx: width / 2 + (lens.cx * longer - width / 2) * framing.zoom + fx * x * hold,
    cy: height / 2 + (lens.cy * longer - height / 2) * framing.zoom - fy * y * hold,
    c2w: translation(x, y, z),
  };
}

/** Smallest and largest inverse distance along the photo's border. */
function borderExtremes({ depth, lens }: Scene): [number, number] {
  const { width, height, disparity } = depth;
  let low = Infinity;
  let high = -Infinity;
  const see = (x: number, y: number): void => {
    const d = disparity[y * width + x] ?? 0;
    low = Math.min(low, d);
    high = Math.max(high, d);
  };
  for (let x = 0; x < width; x++) (see(x, 0), see(x, height - 1));
  for (let y = 0; y < height; y++) (see(0, y), see(width - 1, y));
  return [inverseDepth(lens, low), inverseDepth(lens, high)];
}

/** Value below which `share` of the samples lie, from at most some 4,000 of them. */
function quantile(values: Float32Array, share: number): number {
  const step = Math.max(1, Math.floor(values.length / 4000));
  const some: number[] = [];
  for (let i = step >> 1; i < values.length; i += step) some.push(values[i]!);
  some.sort((a, b) => a - b);
  return some[Math.floor(share * (some.length - 1))] ?? 0;
}
