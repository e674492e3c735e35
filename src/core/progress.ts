/** The stages of a conversion, in order; also the names of stage times in reports. */
export type Stage = 'decode' | 'depth' | 'sharpen' | 'tear' | 'grow' | 'inpaint' | 'mesh' | 'render' | 'encode';

/** One step of progress: which stage, and how much of it is done (0..1). */
export interface Progress {
  stage: Stage;
  /** 0..1 within the stage. */
  fraction: number;
  /** What is happening, for people, where the stage's name does not say it. */
  note?: string;
}
