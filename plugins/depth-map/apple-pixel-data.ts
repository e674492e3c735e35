import { properties } from './xmp.ts';
import { parseXml } from './parse-xml.ts';

const NAMESPACE = 'http://ns.apple.com/pixeldatainfo/1.0/';

/** What Apple's programs say of a picture that goes with a photo. */
export interface PixelData {
  /** Its levels are distances, not disparity. */
  isDistance: boolean;
  /** Distances of the least and the highest level. */
  near?: number;
  far?: number;
}

/** Reads it from XMP packets, the first of a name counts. */
export function applePixelData(packets: readonly string[]): PixelData {
  const told = new Map<string, string>();
  for (const packet of packets) properties(parseXml(packet), NAMESPACE, told);
  const isDistance = /^depth$/i.test(told.get('AuxiliaryImageType') ?? '') || /^[hf]dep$/i.test(told.get('NativeFormat') ?? '');
  const [near, far] = ['FloatMinValue', 'FloatMaxValue'].map((key) => Number.parseFloat(told.get(key) ?? ''));
  return { isDistance, ...(Number.isFinite(near) && { near: near! }), ...(Number.isFinite(far) && { far: far! }) };
}
