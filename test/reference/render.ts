/**
 * The scene drawn on the CPU, by the definition of LayerMesh alone: slow and plain. It is the
 * reference that the viewer's shaders are compared with, and lets tests and the bench look at
 * pictures without a browser.
 */
import { inverseDepth, type Camera, type Layer, type LayerMesh, type Lens, type Raster } from '../../src/core/index.ts';

/** Coverage at which a silhouette runs: see LayerMesh. */
const CONTOUR = 0.4;

export interface ReferenceScene {
  width: number;
  height: number;
  lens: Lens;
  layers: readonly Layer[];
  meshes: readonly LayerMesh[];
}

/** @param samples supersampling along each axis, default 2. */
export function renderReference(scene: ReferenceScene, camera: Camera, samples = 2, sharp = true): Raster {
  const W = camera.width * samples;
  const H = camera.height * samples;
  const nearest = new Float32Array(W * H).fill(-Infinity);
  const us = new Float32Array(W * H);
  const vs = new Float32Array(W * H);
  const lows = new Float32Array(W * H);
  const highs = new Float32Array(W * H);
  const owner = new Int8Array(W * H).fill(-1);
  scene.layers.forEach((layer, k) =>
    drawLayer(scene, layer, scene.meshes[k]!, k, camera, samples, { W, H, nearest, us, vs, lows, highs, owner }),
  );
  const rgba = new Uint8ClampedArray(camera.width * camera.height * 4);
  const colour = [0, 0, 0];
  for (let y = 0; y < camera.height; y++) {
    for (let x = 0; x < camera.width; x++) {
      let r = 0,
        g = 0,
        b = 0;
      for (let sy = 0; sy < samples; sy++) {
        for (let sx = 0; sx < samples; sx++) {
          const i = (y * samples + sy) * W + x * samples + sx;
          const k = owner[i]!;
          if (k < 0) continue;
          sample(scene.layers[k]!, us[i]!, vs[i]!, lows[i]!, highs[i]!, sharp, colour);
          r += colour[0]!;
          g += colour[1]!;
          b += colour[2]!;
        }
      }
      const n = samples * samples;
      rgba.set([Math.round(r / n), Math.round(g / n), Math.round(b / n), 255], (y * camera.width + x) * 4);
    }
  }
  return { width: camera.width, height: camera.height, rgba };
}

interface Target {
  W: number;
  H: number;
  nearest: Float32Array;
  us: Float32Array;
  vs: Float32Array;
  lows: Float32Array;
  highs: Float32Array;
  owner: Int8Array;
}

function drawLayer(scene: ReferenceScene, layer: Layer, mesh: LayerMesh, k: number, camera: Camera, samples: number, t: Target): void {
  const { lens } = scene;
  const longer = Math.max(scene.width, scene.height);
  const m = camera.c2w;
  const count = mesh.vertices.length / 5;
  // Per vertex: screen x, y, then u/w, v/w, 1/w, q/w.
  const p = new Float64Array(count * 6);
  for (let n = 0; n < count; n++) {
    const u = mesh.vertices[n * 5]!;
    const v = mesh.vertices[n * 5 + 1]!;
    const q = inverseDepth(lens, mesh.vertices[n * 5 + 2]!);
    const X = ((u - layer.margin) / longer - lens.cx) / lens.fx - m[3]! * q;
    const Y = -((v - layer.margin) / longer - lens.cy) / lens.fy - m[7]! * q;
    const Z = -1 - m[11]! * q;
    // The inverse of a rotation is its transpose.
    const xc = m[0]! * X + m[4]! * Y + m[8]! * Z;
    const yc = m[1]! * X + m[5]! * Y + m[9]! * Z;
    const w = -(m[2]! * X + m[6]! * Y + m[10]! * Z);
    p[n * 6] = ((camera.fx * xc) / w + camera.cx) * samples;
    p[n * 6 + 1] = ((-camera.fy * yc) / w + camera.cy) * samples;
    p[n * 6 + 2] = u / w;
    p[n * 6 + 3] = v / w;
    p[n * 6 + 4] = w > 1e-4 ? 1 / w : NaN;
    p[n * 6 + 5] = q / w;
  }
  const bias = 1 - 1e-4 * k;
  for (let f = 0; f < mesh.indices.length; f += 3) {
    const a = mesh.indices[f]! * 6,
      b = mesh.indices[f + 1]! * 6,
      c = mesh.indices[f + 2]! * 6;
    const ax = p[a]!,
      ay = p[a + 1]!,
      bx = p[b]!,
      by = p[b + 1]!,
      cx = p[c]!,
      cy = p[c + 1]!;
    if (Number.isNaN(p[a + 4]! + p[b + 4]! + p[c + 4]!)) continue;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const soft = f >= mesh.softStart;
    const low = mesh.vertices[mesh.indices[f]! * 5 + 3]!;
    const high = mesh.vertices[mesh.indices[f]! * 5 + 4]!;
    const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const x1 = Math.min(t.W - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const y1 = Math.min(t.H - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const px = x + 0.5;
        const py = y + 0.5;
        const wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
        const wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
        const wc = 1 - wa - wb;
        if (wa < -1e-9 || wb < -1e-9 || wc < -1e-9) continue;
        const i = y * t.W + x;
        const depth = (wa * p[a + 5]! + wb * p[b + 5]! + wc * p[c + 5]!) * bias;
        if (depth <= t.nearest[i]!) continue;
        const w = 1 / (wa * p[a + 4]! + wb * p[b + 4]! + wc * p[c + 4]!);
        const u = (wa * p[a + 2]! + wb * p[b + 2]! + wc * p[c + 2]!) * w;
        const v = (wa * p[a + 3]! + wb * p[b + 3]! + wc * p[c + 3]!) * w;
        if (soft && coverage(layer, u, v, low, high) < CONTOUR) continue;
        t.nearest[i] = depth;
        t.us[i] = u;
        t.vs[i] = v;
        t.lows[i] = soft ? low : -4;
        t.highs[i] = soft ? high : 4;
        t.owner[i] = k;
      }
    }
  }
}

function clampInt(n: number, most: number): number {
  return n < 0 ? 0 : n > most ? most : n;
}

/** Bilinear share of the pixels round (u, v) that belong to the surface, times their alpha. */
function coverage(layer: Layer, u: number, v: number, low: number, high: number): number {
  const x = Math.floor(u - 0.5);
  const y = Math.floor(v - 0.5);
  const fx = u - 0.5 - x;
  const fy = v - 0.5 - y;
  let sum = 0;
  for (let q = 0; q < 4; q++) {
    const i = clampInt(y + (q >> 1), layer.height - 1) * layer.width + clampInt(x + (q & 1), layer.width - 1);
    const d = layer.disparity[i]!;
    if (d < low || d > high) continue;
    sum += ((q & 1 ? fx : 1 - fx) * (q >> 1 ? fy : 1 - fy) * layer.rgba[i * 4 + 3]!) / 255;
  }
  return sum;
}

/** Colour at (u, v): Catmull-Rom where all 4×4 pixels belong to the surface, else bilinear of those that do. */
function sample(layer: Layer, u: number, v: number, low: number, high: number, sharp: boolean, out: number[]): void {
  const x = Math.floor(u - 0.5);
  const y = Math.floor(v - 0.5);
  const fx = u - 0.5 - x;
  const fy = v - 0.5 - y;
  let whole = sharp;
  for (let dy = -1; whole && dy < 3; dy++) {
    for (let dx = -1; dx < 3; dx++) {
      const d = layer.disparity[clampInt(y + dy, layer.height - 1) * layer.width + clampInt(x + dx, layer.width - 1)]!;
      if (d < low || d > high) whole = false;
    }
  }
  const wx = whole ? cubic(fx) : [0, 1 - fx, fx, 0];
  const wy = whole ? cubic(fy) : [0, 1 - fy, fy, 0];
  let total = 0,
    r = 0,
    g = 0,
    b = 0;
  for (let dy = -1; dy < 3; dy++) {
    for (let dx = -1; dx < 3; dx++) {
      const w = wx[dx + 1]! * wy[dy + 1]!;
      if (w === 0) continue;
      const i = clampInt(y + dy, layer.height - 1) * layer.width + clampInt(x + dx, layer.width - 1);
      const d = layer.disparity[i]!;
      if (d < low || d > high) continue;
      const a = whole ? w : (w * layer.rgba[i * 4 + 3]!) / 255;
      total += a;
      r += a * layer.rgba[i * 4]!;
      g += a * layer.rgba[i * 4 + 1]!;
      b += a * layer.rgba[i * 4 + 2]!;
    }
  }
  out[0] = r / total;
  out[1] = g / total;
  out[2] = b / total;
}

function cubic(t: number): number[] {
  return [((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t];
}
