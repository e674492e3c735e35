import type { Camera, Scene } from '../core/index.ts';

/** What draws: the graphics card, or our own program on the processor. */
export type RendererKind = 'hardware' | 'software';

/** Draws scenes on a canvas of its own. One scene at a time. */
export interface Presenter {
  readonly kind: RendererKind;
  readonly canvas: HTMLCanvasElement;
  /** What `draw` draws; undefined while nothing is ready. */
  readonly scene: Scene | undefined;
  /** Bytes of memory that the scene takes where it is drawn. */
  readonly bytes: number;
  /** Longest side of a picture in pixels. */
  readonly maxSide: number;
  /** Its canvas is blank and cannot be drawn on, until `onRestored`. */
  readonly isLost: boolean;
  /** A picture is on the canvas when `draw` returns; else it takes its time beside the page's work. */
  readonly drawsAtOnce: boolean;
  /** Whether that scene differs in nothing but colours, as far as can be said at once: the old one is drawn on until it is there. */
  mayBecome(scene: Scene): boolean;
  /**
   * Gets a scene ready to be drawn, in small pieces; null gives the old one's memory back and nothing else.
   * @param isLate asked between the pieces; once true, the rest is left.
   * @returns whether it is ready.
   * @throws UnflatError `graphics-unavailable` where this cannot draw at all, `image-too-large` where it cannot draw this scene.
   */
  take(scene: Scene | null, isLate: () => boolean): Promise<boolean>;
  /**
   * Draws the scene, and makes the canvas as large as the camera's picture.
   * @param isLate asked on the way; once true the picture is not wanted any more.
   * @param onShow called just before the picture is put on the canvas.
   * @returns whether it is on the canvas.
   */
  draw(camera: Camera, isLate: () => boolean, onShow: () => void): Promise<boolean>;
  /** The last picture, on a canvas that stays when this is disposed of; undefined before the first one. */
  still(): HTMLCanvasElement | undefined;
  /** Gives everything back. Idempotent. */
  dispose(): void;
}

export interface PresenterHooks {
  /** The canvas is blank from now on. */
  onLost(): void;
  /** It can be drawn on again, and has no scene. */
  onRestored(): void;
  /** It cannot go on, or so slowly that another one is better. @param error undefined = it is slow. */
  onUnfit(error?: unknown): void;
}

/** Starts a presenter; what it needs is loaded by its first `take`. */
export type StartPresenter = (hooks: PresenterHooks) => Presenter;
