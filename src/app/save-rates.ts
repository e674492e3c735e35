import type { OutputPlan } from '../plugin-api/index.ts';
import type { RendererKind } from '../viewer/index.ts';

/** What saving a file will take, about; what is not known is absent. */
export interface SaveEstimate {
  bytes?: number;
  ms?: number;
}

/** What was seen when a product was saved last. */
interface Rate {
  /** Bytes of the file by those of the plan; by the scene's pixels where the plan said none. */
  bytes?: number;
  /** Milliseconds a pixel drawn; a pixel of the scene where nothing is drawn. */
  ms?: number;
}

const KEY = 'unflat-save-rates';
/**
 * Nanoseconds to draw a pixel, before anything was saved here. Software: 10 to 57 on two cores, for a plain and a leafy photo of 960 pixels.
 * Hardware was not measured.
 */
const DRAW_NS: Readonly<Record<RendererKind, number>> = { software: 30, hardware: 10 };
const ENCODE_NS = 15;
/** A plan is within a factor of two; what was seen of one photo says no more about another. */
const LARGEST_CORRECTION = 2;

/** Estimates what saving takes, from the output's plan and from how it went on this device before. */
export class SaveRates {
  #rates: Readonly<Record<string, Rate>> = loadRates();

  /** @param scenePixels width × height of the scene. */
  estimate(product: string, { bytes, drawing }: OutputPlan, scenePixels: number, renderer: RendererKind): SaveEstimate {
    const rate = this.#rates[`${product} ${renderer}`];
    const size = bytes === undefined ? rate?.bytes && rate.bytes * scenePixels : bytes * (rate?.bytes ?? 1);
    const usual = (DRAW_NS[renderer] + (drawing?.encodeNs ?? ENCODE_NS)) / 1e6;
    const ms = drawing ? drawing.pixels * (rate?.ms ?? usual) : rate?.ms && rate.ms * scenePixels;
    return { ...(size && { bytes: size }), ...(ms && { ms }) };
  }

  /** Takes note of how it went. @param took what it really was. */
  learn(product: string, plan: OutputPlan, scenePixels: number, renderer: RendererKind, took: Required<SaveEstimate>): void {
    const bytes =
      plan.bytes === undefined
        ? took.bytes / scenePixels
        : Math.min(LARGEST_CORRECTION, Math.max(1 / LARGEST_CORRECTION, took.bytes / plan.bytes));
    const ms = took.ms / (plan.drawing?.pixels ?? scenePixels);
    this.#rates = { ...this.#rates, [`${product} ${renderer}`]: { bytes, ms } };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#rates));
    } catch {
      // No storage in this window: it is known as long as the window lasts.
    }
  }
}

function loadRates(): Record<string, Rate> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Partial<Record<keyof Rate, unknown>> | null>;
    const isGood = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 1e6;
    return Object.fromEntries(
      Object.entries(kept).map(([id, rate]) => [
        id,
        { ...(isGood(rate?.bytes) && { bytes: rate.bytes }), ...(isGood(rate?.ms) && { ms: rate.ms }) },
      ]),
    );
  } catch {
    return {};
  }
}

/** What draws frames here. */
export async function rendererKind(): Promise<RendererKind> {
  const { gpuIsProgram } = await import('../viewer/index.ts');
  return gpuIsProgram() ? 'software' : 'hardware';
}
