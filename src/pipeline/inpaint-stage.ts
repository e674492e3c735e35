import { UnflatError, runPasses, nextTask, throwIfAborted, type Layer } from '../core/index.ts';
import { applyInpainted, buildHoles, type GrownLayers } from '../layers/index.ts';
import type { InpaintInput, Inpainter, PluginContext } from 'unflat/plugin';
import type { InpaintChoice } from './resolve-inpaint.ts';
import type { GrownScene } from './earlier.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { LastValue } from './last-value.ts';
import { ModelUse } from './model-use.ts';
import { resolveOptions } from './resolve-options.ts';
import { loadPlugin } from './load-plugin.ts';
import type { RunContext } from './run-context.ts';
import type { ConvertSettings, InpaintReport, Told } from './types.ts';

/** Layers with their holes inpainted, and by what. */
export interface InpaintedLayers {
  layers: Layer[];
  report: InpaintReport;
}

/** Share of the stage's progress that belongs to the inpainting under a model's. */
const BASE_SHARE = 0.1;

type Extra = Pick<InpaintInput, 'options'> & Partial<Pick<InpaintInput, 'model'>>;

/** Inpaints holes. Keeps the last result that went under another, so that models can be tried on the same layers. */
export class InpaintStage {
  #seen: string | undefined;
  readonly #based = new LastValue<{ layers: Layer[]; label: string; ms: number }>();

  /**
   * The remembered layers stay as they are, as an earlier scene may still be in use.
   * @param key what the heart was made from.
   * @param onBase gets a filling to show meanwhile, where there is a new one: the inpainter's own quick one, else the one under a model's. Its layers are
   * to be left as they are.
   */
  async inpaint(
    host: PipelineHost,
    heart: GrownScene,
    key: string,
    choice: InpaintChoice,
    settings: ConvertSettings,
    run: RunContext,
    told: Told,
    onBase?: (based: InpaintedLayers) => void,
  ): Promise<InpaintedLayers> {
    if (choice.problem) throw choice.problem;
    const { grown } = heart;
    const inpainter = await loadPlugin(host.plugins, 'inpaint', choice.plugin);
    const options = resolveOptions(inpainter.options, wishesFor(inpainter, settings, choice));
    const extra: Extra = { options, ...(inpainter.needsModel && choice.model && { model: choice.model }) };
    if (inpainter.needsModel && !extra.model)
      throw new UnflatError('no-model', `${inpainter.label} needs a model, and none was chosen. Choose a model, or another inpainter.`);
    return run.stage('inpaint', async () => {
      const use = new ModelUse();
      let isShown = false;
      // A photo that was seen already is not shown worse than it was.
      const onQuick = this.#seen === key ? undefined : onBase && ((quick: InpaintedLayers) => ((isShown = true), onBase(quick)));
      this.#seen = key;
      if (inpainter.base === undefined) await showQuick(host, grown, inpainter, run, told, onQuick);
      const base = inpainter.base === undefined ? undefined : await this.#base(host, heart, key, inpainter.base, run, told, onQuick);
      if (base?.isNew && !isShown)
        onBase?.({ layers: base.layers, report: { plugin: inpainter.base!, label: base.label, runs: 0, hostMs: base.ms } });
      const start = performance.now();
      const result = copyOf(base ? { ...grown, layers: base.layers } : grown);
      const part = base ? { from: BASE_SHARE, share: 1 - BASE_SHARE } : { from: 0, share: 1 };
      const onInfer = use.add.bind(use);
      const problem = await inpaintHoles(
        result,
        inpainter,
        extra,
        (each) =>
          run.forPlugin(host, 'inpaint', told, {
            plugin: inpainter,
            part: { from: part.from + each.from * part.share, share: each.share * part.share },
            onInfer,
          }),
        run.signal,
      ).then(
        () => undefined,
        (error: unknown) => {
          throwIfAborted(run.signal);
          // Where nothing else stands in the holes there is no scene.
          if (!base) throw error;
          return error instanceof Error ? error.message : String(error);
        },
      );
      const model = choice.model && use.report(choice.model);
      if (problem !== undefined) {
        told.warnings.push(`${problem} The hidden parts are filled in by “${base!.label}” instead.`);
      }
      const modelMs = model ? model.sessionMs + model.runMs : 0;
      const report: InpaintReport = {
        plugin: inpainter.id,
        label: extra.model?.label ?? inpainter.label,
        runs: use.runsOf(choice.model),
        ...(model && { model }),
        ...(base && { baseMs: base.ms }),
        hostMs: performance.now() - start - modelMs,
        ...(problem !== undefined && { isPartial: true as const }),
      };
      return { layers: problem !== undefined && base ? copyOf({ ...grown, layers: base.layers }).layers : result.layers, report };
    });
  }

  /** What another inpainter goes on top of. `ms` is 0 where it was still at hand, here (so that it is not new) or from an earlier visit. */
  async #base(
    host: PipelineHost,
    { grown, inpainted }: GrownScene,
    key: string,
    id: string,
    run: RunContext,
    told: Told,
    onQuick: ((quick: InpaintedLayers) => void) | undefined,
  ): Promise<{ layers: Layer[]; label: string; ms: number; isNew: boolean }> {
    let isNew = false;
    const kept = await this.#based.get(
      `${key} ${id}`,
      async () => {
        isNew = true;
        const start = performance.now();
        const inpainter = await loadPlugin(host.plugins, 'inpaint', id);
        // With options it may have been set otherwise than here, where it is as it comes.
        if (inpainted?.plugin === id && inpainter.options.length === 0) return { layers: inpainted.layers, label: inpainter.label, ms: 0 };
        await showQuick(host, grown, inpainter, run, told, onQuick);
        const layers = copyOf(grown);
        await inpaintHoles(
          layers,
          inpainter,
          { options: resolveOptions(inpainter.options) },
          ({ from, share }) =>
            run.forPlugin(host, 'inpaint', told, { plugin: inpainter, part: { from: from * BASE_SHARE, share: share * BASE_SHARE } }),
          run.signal,
        );
        return { layers: layers.layers, label: inpainter.label, ms: performance.now() - start };
      },
      run.signal,
    );
    return { ...kept, ms: isNew ? kept.ms : 0, isNew };
  }
}

/** Where nobody named it, nobody can know whose options they set: the inpainter takes its own. */
function wishesFor({ options }: Inpainter, { inpaintOptions }: ConvertSettings, { why }: InpaintChoice): ConvertSettings['inpaintOptions'] {
  if (why === 'asked') return inpaintOptions;
  return Object.fromEntries(Object.entries(inpaintOptions).filter(([id]) => options.some((option) => option.id === id)));
}

function copyOf(grown: GrownLayers): GrownLayers {
  return { ...grown, layers: grown.layers.map((layer) => ({ ...layer, rgba: layer.rgba.slice() })) };
}

/** Lets an inpainter that has one make its quick filling, where somebody is there to see it. */
async function showQuick(
  host: PipelineHost,
  grown: GrownLayers,
  inpainter: Inpainter,
  run: RunContext,
  told: Told,
  onQuick: ((quick: InpaintedLayers) => void) | undefined,
): Promise<void> {
  const { quick } = inpainter;
  if (!quick || !onQuick) return;
  const start = performance.now();
  const filled = copyOf(grown);
  const { inpaintAll: _, ...one } = inpainter;
  const context = run.forPlugin(host, 'inpaint', told, { plugin: inpainter, part: { from: 0, share: 0 } });
  await inpaintHoles(filled, { ...one, inpaint: quick }, { options: resolveOptions(inpainter.options) }, () => context, run.signal);
  onQuick({
    layers: filled.layers,
    report: { plugin: inpainter.id, label: inpainter.label, runs: 0, hostMs: performance.now() - start },
  });
}

/** Changes the layers' colours under their holes. */
async function inpaintHoles(
  grown: GrownLayers,
  inpainter: Inpainter,
  extra: Extra,
  contextFor: (part: { from: number; share: number }) => PluginContext,
  signal: AbortSignal,
): Promise<void> {
  const { contextPx } = inpainter;
  const total = grown.holes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return;
  if (inpainter.inpaintAll) {
    const inputs: { layer: number; input: InpaintInput }[] = [];
    for (const layer of grown.layers.keys()) {
      const holes = await runPasses(buildHoles(grown, layer, contextPx), signal);
      if (holes) inputs.push({ layer, input: { ...holes, ...extra } });
    }
    const inpainted = await inpainter.inpaintAll(
      inputs.map(({ input }) => input),
      contextFor({ from: 0, share: 1 }),
    );
    if (inpainted.length !== inputs.length)
      throw new UnflatError(
        'bad-plugin',
        `“${inpainter.label}” filled in ${inpainted.length} of ${inputs.length} layers. Choose another inpainter.`,
      );
    inputs.forEach(({ layer, input }, i) => applyInpainted(grown, layer, checked(inpainted[i]!, input, inpainter)));
    return;
  }
  let done = 0;
  for (let i = 0; i < grown.layers.length; i++) {
    const holes = await runPasses(buildHoles(grown, i, contextPx), signal);
    if (!holes) continue;
    const share = grown.holes[i]!.count / total;
    applyInpainted(grown, i, checked(await inpainter.inpaint({ ...holes, ...extra }, contextFor({ from: done, share })), holes, inpainter));
    done += share;
    await nextTask();
    throwIfAborted(signal);
  }
}

/** A plugin's answer is data from outside. */
function checked(
  inpainted: Uint8ClampedArray,
  { width, height }: { width: number; height: number },
  { label }: Inpainter,
): Uint8ClampedArray {
  if (inpainted.length === width * height * 4) return inpainted;
  throw new UnflatError(
    'bad-plugin',
    `“${label}” returned ${inpainted.length} bytes for an image of ${width} × ${height}. Choose another inpainter.`,
  );
}
