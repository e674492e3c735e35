/** The stages of a conversion, in order; also the names of stage times in reports. */
export type Stage = 'decode' | 'depth' | 'sharpen' | 'tear' | 'grow' | 'inpaint' | 'mesh' | 'render' | 'encode';

/** One step of progress: which stage, and how much of it is done (0..1). */
export interface Progress {
  /** Which stage runs. */
  stage: Stage;
  /** 0..1 within the stage. */
  fraction: number;
  /** 0..1 of the whole job: of making the scene or the depth map, or of writing the file. Never goes back. */
  overall: number;
  /** What is happening, for people, where the stage's name does not say it. */
  note?: string;
}
