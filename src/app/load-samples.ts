import type { ConvertInput } from '../pipeline/index.ts';
import type { PhotoToOpen } from './desk-types.ts';
import { strings } from './strings.ts';

/** A 3D photo of ours for a first look, with what it was made from. */
export interface Sample {
  id: string;
  title: string;
  /** Addresses relative to the list: the 3D photo, a small picture of it, and the photo and its depth map. */
  scene: string;
  picture: string;
  photo: string;
  depth: string;
  /** Size of the small picture in pixels. */
  width: number;
  height: number;
}

const LIST = 'samples/samples.json';

function address(path: string): URL {
  return new URL(path, new URL(LIST, document.baseURI));
}

/** Where a sample's small picture lies. */
export function samplePictureUrl(sample: Sample): string {
  return address(sample.picture).href;
}

/** The samples that came with the app; none where they cannot be had. */
export async function loadSamples(): Promise<Sample[]> {
  try {
    const response = await fetch(address('samples.json'));
    return response.ok ? ((await response.json()) as Sample[]) : [];
  } catch {
    return [];
  }
}

/** What the desk opens a sample with: the finished 3D photo. Its photo and its map are loaded when something is to be changed. */
export function sampleToOpen(sample: Sample): [load: () => Promise<ConvertInput>, rest: Partial<PhotoToOpen>] {
  const originals = async (): Promise<ConvertInput> => {
    const [photo, map] = await Promise.all([
      fetchFile(sample.photo, `${sample.id}.jpg`),
      fetchFile(sample.depth, `${sample.id}_depth.png`),
    ]);
    return { photo, map };
  };
  return [async () => ({ photo: await fetchFile(sample.scene, `${sample.id}.glb`) }), { originals }];
}

async function fetchFile(path: string, name: string): Promise<File> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(strings.photos.sampleMissing(response.status));
  return new File([await response.blob()], name, { type: response.headers.get('content-type') ?? '' });
}
