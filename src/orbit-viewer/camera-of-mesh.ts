import { isOf2020 } from './up-axis.ts';

/** Where the camera of a photo stood that became this mesh, on the axis through the picture's middle. */
export interface MeshCamera {
  /** Along the file's z. */
  z: number;
  /** Fields of view in radians, 0.1..2.5. */
  hFov: number;
  vFov: number;
}

/** Reads the camera out of a PLY file's comments: ours, in degrees, or the 2020 system's, in radians. */
export function cameraOfMesh(comments: readonly string[]): MeshCamera | undefined {
  const number = (pattern: RegExp): number => Number(comments.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined));
  if (isOf2020(comments)) return sane({ z: 0, hFov: number(/^hFov ([\d.]+)$/), vFov: number(/^vFov ([\d.]+)$/) });
  if (!comments.some((text) => /made by Unflat/i.test(text))) return undefined;
  const radians = Math.PI / 180;
  return sane({
    z: number(/camera at 0 0 (-?[\d.eE+-]+)/),
    hFov: number(/^hFov ([\d.]+) degrees/) * radians,
    vFov: number(/^vFov ([\d.]+) degrees/) * radians,
  });
}

function sane(camera: MeshCamera): MeshCamera | undefined {
  const isFov = (fov: number): boolean => fov > 0.1 && fov < 2.5;
  return Number.isFinite(camera.z) && isFov(camera.hFov) && isFov(camera.vFov) ? camera : undefined;
}
