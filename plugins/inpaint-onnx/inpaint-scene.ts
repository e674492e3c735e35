import { UnflatError, runPasses, throwIfAborted, type InpaintInput, type ModelRow, type PluginContext } from 'unflat/plugin';
import { readColours } from './read-colours.ts';
import { canvasOf, type LayerState } from './canvas.ts';
import { cellsOf } from './cells.ts';
import { compose } from './compose.ts';
import { matchTone } from './match-tone.ts';
import { pinTone } from './pin-tone.ts';
import { planRuns } from './plan-runs.ts';
import { visibilityOf, type Visibility } from './visibility.ts';

/** Runs that one scene may cost. */
export const MOST_RUNS = 8;
/** A model that sees less than this would make it all up. */
const LEAST_SEEN = 64;

/** Inpaints the holes of all layers by a model, in a few runs; what they do not reach keeps the colours that stand there. */
export async function inpaintScene(
  inputs: readonly InpaintInput[],
  { infer, signal, progress }: PluginContext,
): Promise<Uint8ClampedArray[]> {
  throwIfAborted(signal);
  const [first] = inputs;
  if (!first) return [];
  const { model, width, height, options } = first;
  if (!model) throw new UnflatError('no-model', 'This inpainter needs a model, and none was chosen. Choose a model, or another inpainter.');
  progress(0, 'Finding what is hidden…');
  const visibilities: Visibility[] = [];
  for (const input of inputs) visibilities.push(await runPasses(visibilityOf(input), signal));
  const cells = await runPasses(cellsOf(visibilities, width, height), signal);
  const { runs } = await runPasses(planRuns(cells, first, pictureSize(model), Number(options['runs'] ?? MOST_RUNS)), signal);
  const layers = inputs.map((input, layer): LayerState => {
    const planned = new Uint8Array(cells.columns * cells.rows);
    for (const run of runs) run.cells[layer]?.forEach((isTaken, i) => isTaken && (planned[i] = 1));
    return { input, visibility: visibilities[layer]!, rgba: input.rgba.slice(), inpainted: new Uint8Array(width * height), planned };
  });
  await messages(signal);
  for (const [i, run] of runs.entries()) {
    progress(i / runs.length, `Filling in hidden parts ${i + 1} of ${runs.length}`);
    const canvas = canvasOf(run, cells, layers, model.input.mask?.under ?? 'guess');
    if (canvas.seen < LEAST_SEEN) continue;
    const { width: across, height: down, rgba, mask } = canvas;
    const answer = await infer({ model: model.id, image: { width: across, height: down, rgba }, mask });
    throwIfAborted(signal);
    const colours = readColours(answer, model, across, down);
    if (options['match'] !== false) {
      matchTone(colours, canvas);
      pinTone(colours, canvas, run, layers);
    }
    compose(colours, canvas, run, layers, Number(options['seam'] ?? 0));
    await messages(signal);
  }
  progress(1);
  return layers.map(({ rgba }) => rgba);
}

/** What is said meanwhile, a cancel among it, is heard between steps. */
async function messages(signal: AbortSignal): Promise<void> {
  await new Promise((resume) => setTimeout(resume));
  throwIfAborted(signal);
}

/** The picture that a model is given: of its own size where that is fixed, else as large as its row says, square. */
function pictureSize({ input: { size } }: ModelRow): { width: number; height: number } {
  return size.rule === 'fixed' ? size : { width: size.px, height: size.px };
}
