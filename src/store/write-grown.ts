import type { Layer, Scene } from '../core/index.ts';
import { alphaOf, rgbOf, rgbaOf } from './rgb-of.ts';
import { compact, packRuns, spreadRuns, unpackRuns } from './pack-runs.ts';
import type { SectionReader, SectionWriter } from './section-writer.ts';

/** A scene's layers before their hidden parts were inpainted: all but the colours is the scene's. */
export interface Grown {
  layers: Layer[];
  /** One a layer: 1 = to be inpainted, how many, and the colours that are known nevertheless. */
  holes: { hole: Uint8Array; count: number; seen?: { at: Int32Array; colour: Uint32Array } }[];
  /** Disparity difference up to which neighbouring pixels count as one surface. */
  sameSurface: number;
  /** Pixels next to those beside a tear that no inpainter sees. */
  softPx?: number;
}

export interface GrownHeader {
  layers: {
    /** Runs of pixels that inpainting changed, and their colours before it. */
    changed: number;
    rgb: number;
    hole: number;
    count: number;
    seen?: { at: number; colour: number };
  }[];
  /** A number that JSON might not know: Infinity. */
  sameSurface: number;
  softPx?: number;
}

/** What inpainting changed, so that it can be taken back: next to nothing beside the scene. */
export function writeGrown(out: SectionWriter, scene: Scene, { layers, holes, sameSurface, softPx }: Grown): GrownHeader {
  return {
    layers: layers.map(({ rgba }, k) => {
      const { hole, count, seen } = holes[k]!;
      const changed = packRuns(changesOf(rgba, scene.layers[k]!.rgba));
      return {
        changed: out.add(changed),
        rgb: out.add(compact(rgbOf(rgba), changed, 3), 'rgb'),
        hole: out.add(packRuns(hole)),
        count,
        ...(seen && { seen: { at: out.add(new Uint32Array(seen.at)), colour: out.add(seen.colour) } }),
      };
    }),
    sameSurface: out.add(Float64Array.of(sameSurface)),
    ...(softPx && { softPx }),
  };
}

/** @throws RangeError where the record is not of that scene. */
export function readGrown(input: SectionReader, header: GrownHeader, scene: Scene): Grown {
  if (header.layers.length !== scene.layers.length) throw new RangeError('The record has other layers than its scene.');
  const [sameSurface = 0] = input.f64(header.sameSurface);
  const read = header.layers.map(({ changed, rgb, hole, count, seen }, k) => {
    const layer = scene.layers[k]!;
    const length = layer.width * layer.height;
    return {
      layer: { ...layer, rgba: rgbaOf(spreadRuns(input.u8(rgb), rgbOf(layer.rgba), input.u32(changed), 3), alphaOf(layer.rgba)) },
      holes: {
        hole: unpackRuns(input.u32(hole), length),
        count,
        ...(seen && { seen: { at: Int32Array.from(input.u32(seen.at)), colour: input.u32(seen.colour) } }),
      },
    };
  });
  return {
    layers: read.map(({ layer }) => layer),
    holes: read.map(({ holes }) => holes),
    sameSurface,
    ...(header.softPx && { softPx: header.softPx }),
  };
}

/** 1 where two pictures differ. */
function changesOf(a: Uint8ClampedArray, b: Uint8ClampedArray): Uint8Array {
  const before = new Uint32Array(a.buffer, a.byteOffset, a.length / 4);
  const after = new Uint32Array(b.buffer, b.byteOffset, b.length / 4);
  const changes = new Uint8Array(before.length);
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) changes[i] = 1;
  return changes;
}
