import type { ConvertInput } from '../pipeline/index.ts';
import { strings } from './strings.ts';

/** A photo of ours with its depth map, for a first look. */
export interface Sample {
  id: string;
  title: string;
  /** Addresses relative to the list. */
  photo: string;
  depth: string;
  width: number;
  height: number;
}

const LIST = 'samples/samples.json';

function address(path: string): URL {
  return new URL(path, new URL(LIST, document.baseURI));
}

/** Where a sample's photo lies. */
export function samplePhotoUrl(sample: Sample): string {
  return address(sample.photo).href;
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

export async function sampleInput(sample: Sample): Promise<ConvertInput> {
  const [photo, map] = await Promise.all([fetchFile(sample.photo, `${sample.id}.jpg`), fetchFile(sample.depth, `${sample.id}_depth.png`)]);
  return { photo, map };
}

async function fetchFile(path: string, name: string): Promise<File> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(strings.photos.sampleMissing(response.status));
  return new File([await response.blob()], name, { type: response.headers.get('content-type') ?? '' });
}
