import type { Scene } from '../core/index.ts';
import type { Prepared3d } from '../orbit-viewer/index.ts';
import type { ConvertInput, ConvertReport, ConvertSettings } from '../pipeline/index.ts';
import type { OptionValues, OutputPlan } from '../plugin-api/index.ts';
import type { Look } from '../viewer/index.ts';

/** Where a photo's depth comes from: out of its own file, from the person's map, from a model, or from a plugin with a way of its own. */
export type DepthFrom = { kind: 'inside' } | { kind: 'map' } | { kind: 'model'; model: string } | { kind: 'plugin'; plugin: string };

/** Settings that belong to one photo, not to the app. */
export interface PhotoSettings extends Pick<
  Partial<ConvertSettings>,
  'smoothing' | 'depthOptions' | 'depthStrength' | 'emphasis' | 'inpainter' | 'inpaintOptions'
> {
  /** Default: what is inside the photo or its map, else the preferred model. */
  from?: DepthFrom;
}

/** A photo that lies on the desk: what it was made from and what it became. */
export interface OpenPhoto {
  title: string;
  /** Keeps its map also while the depth comes from elsewhere. */
  input: ConvertInput;
  settings: PhotoSettings;
  /** The photo's file holds depth of its own, as far as is known. */
  hasDepthInside: boolean;
  /** Loads the photo and its map that `input`, a 3D photo, was made from; they take its place as soon as they are needed. */
  originals?: () => Promise<ConvertInput>;
  scene: Scene;
  report: ConvertReport;
}

/** A 3D file that is no 3D photo, read and checked. */
export interface Other3d {
  title: string;
  /** The file, if it is all that there is of it. */
  file: File | undefined;
  sizeBytes: number;
  prepared: Prepared3d;
}

/** The open photo, its hidden parts inpainted in another way, to be looked at beside it. */
export type Rival = Pick<OpenPhoto, 'settings' | 'scene' | 'report'>;

/** A camera move that is played in the photo's place, before it is saved. */
export interface PlayedMove {
  scene: Scene;
  product: string;
  move: NonNullable<OutputPlan['move']>;
}

/** A small picture that is shown in the photo's place, as it will be saved. */
export interface ShownSample {
  scene: Scene;
  product: string;
  sample: NonNullable<OutputPlan['sample']>;
  /** The person's options; the sample's own come before them. */
  options: OptionValues;
  /** Where the person looked from when it was asked for. */
  look: Look | undefined;
}

export type Preview = PlayedMove | ShownSample;

/** A frame over the photo, in parts of its width and height. */
export interface AskedFrame {
  label: string;
  /** Its middle. */
  x: number;
  y: number;
  /** In parts of the largest frame. */
  size: number;
}

/** Frames that the person drags over the photo. */
export interface AskedFrames {
  frames: readonly AskedFrame[];
  /** Size of the largest frame, in parts of the photo's width and height. */
  largest: { width: number; height: number };
  /** One of the frames has been dragged. */
  change: (index: number, frame: AskedFrame) => void;
  /** The person has finished. */
  done: () => void;
}

/** What a photo is opened with. */
export type PhotoToOpen = Pick<OpenPhoto, 'title' | 'input' | 'settings'> &
  Partial<Pick<OpenPhoto, 'hasDepthInside' | 'originals'>> & {
    /** It is no photo but a 3D file of another program. */
    isOther3d?: boolean;
  };

/** A conversion on its way. */
export interface Run {
  title: string;
  /** Plain words for what is happening. */
  words: string;
  /** 0..1 of the whole conversion. */
  fraction: number;
  /** The photo that is already open is being made again, with other settings. */
  again: boolean;
  /** What is being opened, to be shown flat meanwhile. */
  photo?: ConvertInput['photo'];
}

/** A photo without depth, waiting for a model or its map. */
export interface Waiting {
  photo: File;
  title: string;
  /** The model that it was made with before, and that is here no longer. */
  missing?: string;
  /** Why the last try did not help. */
  problem?: string;
}
