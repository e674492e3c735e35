import { joined, withXmp, xmpPacket } from './with-xmp.ts';

const BASE = 'http://ns.google.com/photos/dd/1.0';

/**
 * Puts a depth map behind a JPEG as newer phones do: Dynamic Depth 1.0.
 * @param depth PNG, grey, linear in inverse distance, black = near. @param near, far in metres.
 */
export function withDynamicDepth(jpeg: Uint8Array, depth: Uint8Array, near: number, far: number): Uint8Array<ArrayBuffer> {
  const names = ['Device', 'Profile', 'Camera', 'DepthMap', 'Container', 'Item'];
  const namespaces = names.map((name) => ` xmlns:${name}="${BASE}/${name.toLowerCase()}/"`).join('');
  const camera = '<Device:Cameras><rdf:Seq><rdf:li rdf:parseType="Resource"><Device:Camera rdf:parseType="Resource">';
  const about = `DepthMap:Format="RangeInverse" DepthMap:Near="${near}" DepthMap:Far="${far}" DepthMap:Units="Meters" DepthMap:DepthURI="android/depthmap" DepthMap:ItemSemantic="Depth" DepthMap:MeasureType="OpticalAxis"`;
  const map = `<Camera:DepthMap ${about}/>`;
  const profile =
    '<Device:Profiles><rdf:Seq><rdf:li rdf:parseType="Resource"><Device:Profile Profile:CameraIndices="0" Profile:Type="DepthPhoto"/></rdf:li></rdf:Seq></Device:Profiles>';
  const item = (mime: string, bytes: number, uri: string): string =>
    `<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="${mime}" Item:Length="${bytes}" Item:Padding="0" Item:DataURI="${uri}"/></rdf:li>`;
  const items = item('image/jpeg', 0, 'primary_image') + item('image/png', depth.length, 'android/depthmap');
  const main = xmpPacket(
    `${namespaces}>${profile}${camera}${map}</Device:Camera></rdf:li></rdf:Seq></Device:Cameras><Container:Directory><rdf:Seq>${items}</rdf:Seq></Container:Directory></rdf:Description>`,
  );
  return joined(withXmp(jpeg, main), depth);
}
