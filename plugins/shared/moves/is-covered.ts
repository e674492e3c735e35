import { inverseDepth } from 'unflat/plugin';
import type { Camera, Layer, Scene } from 'unflat/plugin';

/** Points on the frame's border that are looked at lie this many pixels apart. */
const SPACING_PX = 8;
/** The centre of a frame's outermost pixel may lie this many pixels outside: the renderer's filtering covers it. */
const TOLERANCE_PX = 0.25;
/** Depth is followed to a little before the nearest distance, as grown surfaces may come nearer. */
const NEARER = 1.25;

/** Whether an unturned camera sees something all along its frame's border: what lies inside follows. */
export function isCovered(scene: Scene, camera: Camera): boolean {
  const { width, height } = camera;
  const across = Math.ceil(width / SPACING_PX);
  const down = Math.ceil(height / SPACING_PX);
  for (let n = 0; n <= across; n++) {
    const u = 0.5 + ((width - 1) * n) / across;
    if (!sees(scene, camera, u, 0.5) || !sees(scene, camera, u, height - 0.5)) return false;
  }
  for (let n = 0; n <= down; n++) {
    const v = 0.5 + ((height - 1) * n) / down;
    if (!sees(scene, camera, 0.5, v) || !sees(scene, camera, width - 0.5, v)) return false;
  }
  return true;
}

function sees(scene: Scene, camera: Camera, u: number, v: number): boolean {
  return scene.layers.length === 0 || scene.layers.some((layer) => seesSurface(scene, layer, camera, u, v));
}

/**
 * Follows the line of sight through picture point (u, v) from near to far. In the photo's own
 * picture it runs along a straight line, linear in inverse depth; it meets a surface where it
 * comes from before the layer's depth to behind it.
 */
function seesSurface(scene: Scene, layer: Layer, camera: Camera, u: number, v: number): boolean {
  const { lens } = scene;
  const { width, height, margin, rgba, disparity } = layer;
  const longer = Math.max(scene.width, scene.height);
  const x = (u - camera.cx) / camera.fx;
  const y = -(v - camera.cy) / camera.fy;
  const nearest = NEARER / lens.near;
  /** Pixel at the far end, and by how much it moves until the near end. */
  const farX = (x * lens.fx + lens.cx) * longer + margin;
  const farY = (-y * lens.fy + lens.cy) * longer + margin;
  const moveX = (x * camera.c2w[11]! + camera.c2w[3]!) * nearest * lens.fx * longer;
  const moveY = -(y * camera.c2w[11]! + camera.c2w[7]!) * nearest * lens.fy * longer;
  const steps = Math.ceil(Math.max(Math.abs(moveX), Math.abs(moveY), 1));
  let isBefore = true;
  for (let n = steps; n >= 0; n--) {
    const part = n / steps;
    const px = inside(farX + moveX * part, width);
    const py = inside(farY + moveY * part, height);
    const i = py * width + px;
    if (px < 0 || py < 0 || rgba[4 * i + 3] === 0) {
      isBefore = false;
      continue;
    }
    // A line that comes in from outside behind the surface slips past its edge, but for half a step of rounding.
    const depth = inverseDepth(lens, disparity[i]!);
    if (depth >= part * nearest && (isBefore || depth <= ((n + 0.5) / steps) * nearest)) return true;
    isBefore = depth < part * nearest;
  }
  return false;
}

/** The pixel that holds `place`, or −1 where that is outside by more than the tolerance. */
function inside(place: number, size: number): number {
  if (!(place >= -TOLERANCE_PX && place < size + TOLERANCE_PX)) return -1;
  return Math.min(size - 1, Math.max(0, Math.floor(place)));
}
