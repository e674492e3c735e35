import { inverseDepth, type Camera } from '../core/index.ts';
import { bilinear } from './bilinear.ts';
import type { SampleBuffer } from './sample-buffer.ts';
import type { PreparedScene } from './prepare-scene.ts';
import { texelsOf } from './texture.ts';

/** Puts the blurred photo, as a plane at the scene's far end, where nothing else was drawn. */
export function fillBackdrop({ blurred, lens, width, height }: PreparedScene, camera: Camera, canvas: SampleBuffer): void {
  const texels = texelsOf(blurred.rgba);
  const longer = Math.max(width, height);
  const { depth, pixels, samples } = canvas;
  const m = camera.c2w;
  const q = inverseDepth(lens, 0);
  const clamp = (place: number, size: number): number => Math.round(Math.max(0, Math.min(size - 1, place)) * 65536);
  /** A single row or column has no neighbour to look at. */
  const { texels: padded, stride } = pad(texels, blurred.width, blurred.height);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0, i = y * canvas.width; x < canvas.width; x++, i++) {
      if (depth[i]! > -Infinity) continue;
      // Along the pixel's ray to where it meets the plane: a photo's point (X, Y, −1, q) lies on camera + ray·s.
      const rx = ((x + 0.5) / samples - camera.cx) / camera.fx;
      const ry = -((y + 0.5) / samples - camera.cy) / camera.fy;
      const dx = m[0]! * rx + m[1]! * ry - m[2]!;
      const dy = m[4]! * rx + m[5]! * ry - m[6]!;
      const dz = m[8]! * rx + m[9]! * ry - m[10]!;
      const s = (1 + m[11]! * q) / Math.max(1e-6, -dz);
      const u = ((m[3]! * q + s * dx) * lens.fx + lens.cx) * longer;
      const v = (-(m[7]! * q + s * dy) * lens.fy + lens.cy) * longer;
      const across = clamp((u / width) * blurred.width - 0.5, blurred.width);
      const down = clamp((v / height) * blurred.height - 0.5, blurred.height);
      pixels[i] = bilinear(padded, stride, across, down);
    }
  }
}

/** Black where nothing was drawn. */
export function fillBlack({ depth, pixels }: SampleBuffer): void {
  for (let i = 0; i < pixels.length; i++) if (depth[i] === -Infinity) pixels[i] = 0xff000000;
}

/** With the last row and column once more. */
function pad(texels: Uint32Array, width: number, height: number): { texels: Uint32Array; stride: number } {
  const stride = width + 1;
  const padded = new Uint32Array(stride * (height + 1));
  for (let y = 0; y <= height; y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = 0; x <= width; x++) padded[y * stride + x] = texels[row + Math.min(x, width - 1)]!;
  }
  return { texels: padded, stride };
}
