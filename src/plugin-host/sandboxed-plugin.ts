import type { DepthInput, InpaintInput, OptionSpec, OutputInput, Plugin, PluginContext } from '../plugin-api/index.ts';
import { defineDepthSource, defineInpainter, defineOutput } from '../plugin-api/index.ts';
import { copyForTransfer } from './copy-for-transfer.ts';
import { checkDepthResult } from './check-depth-result.ts';
import { checkFile } from './check-file.ts';
import { checkFilled } from './check-filled.ts';
import type { PluginDescription } from './check-description.ts';
import type { SandboxCall, SandboxCalls } from './sandbox-calls.ts';

/**
 * A plugin whose work is done in a sandbox, for the tables of a pipeline. What it gives is checked before anybody sees it, and it gets
 * no more than its manifest says.
 * @param open gives a way into its sandbox, which is started if need be.
 */
export function sandboxedPlugin(description: PluginDescription, open: () => Promise<SandboxCalls>): Plugin {
  const { manifest, options, products, methods, models, needsFrames, group, contextPx, supported } = description;
  const { id, label, about, kind, sees } = manifest;
  const base = { id, label, ...(about !== undefined && { about }), options, supports: () => supported };
  const withModels = models.length > 0 && { needsModel: true, models };
  const call = async (
    method: 'detect' | 'estimate' | 'inpaint' | 'inpaintAll' | 'quick' | 'write',
    input: unknown,
    context: PluginContext,
    { frames, pixels }: Pick<SandboxCall, 'frames' | 'pixels'> = {},
  ): Promise<unknown> => {
    const calls = await open();
    const transfer: Transferable[] = [];
    return calls.call({
      method,
      input: copyForTransfer(input, transfer),
      transfer,
      context,
      ...(frames && { frames }),
      ...(pixels && { pixels }),
      howToSet: howToSetWords(options, context),
    });
  };
  if (kind === 'depth') {
    const hasFile = sees.includes('file');
    const shown = ({ photo, file, map, model, options: values }: DepthInput): unknown => ({
      // Its pixels go by themselves: `detect` and each change of an option are about the same ones.
      photo: { ...photo, rgba: undefined, ...(!hasFile && { name: 'photo', hash: '' }) },
      file: hasFile ? file : { name: 'photo', bytes: new Uint8Array() },
      ...(hasFile && map && { map }),
      ...(model && { model }),
      options: values,
    });
    return defineDepthSource({
      ...base,
      ...withModels,
      ...(methods.includes('detect') && {
        detect: async (input, context) => (await call('detect', shown(input), context, { pixels: input.photo.rgba })) === true,
      }),
      estimate: async (input, context) =>
        checkDepthResult(await call('estimate', shown(input), context, { pixels: input.photo.rgba }), input, manifest),
    });
  }
  if (kind === 'inpaint') {
    return defineInpainter({
      ...base,
      ...withModels,
      ...(contextPx !== undefined && { contextPx }),
      inpaint: async (input, context) => checkFilled(await call('inpaint', input, context), input, manifest),
      ...(methods.includes('quick') && {
        quick: async (input: InpaintInput, context: PluginContext) => checkFilled(await call('quick', input, context), input, manifest),
      }),
      ...(methods.includes('inpaintAll') && {
        inpaintAll: async (inputs, context) => {
          const all = await call('inpaintAll', inputs, context);
          return inputs.map((input, i) => checkFilled((all as unknown[] | undefined)?.[i], input, manifest));
        },
      }),
    });
  }
  const needs = sees.includes('scene') ? 'scene' : 'depth';
  const shown = ({ product, scene, options: values, view }: OutputInput): unknown => ({
    product,
    ...(view && { view }),
    scene: needs === 'scene' ? scene : { ...scene, layers: [], meshes: [] },
    options: values,
  });
  return defineOutput({
    ...base,
    products,
    needs,
    ...(needsFrames && { needsFrames }),
    ...(group && { group }),
    write: async (input, context) =>
      checkFile(
        await call('write', shown(input), context, needsFrames ? { frames: input.frames } : {}),
        products.find((product) => product.id === input.product)?.suffixes,
        manifest,
      ),
  });
}

/** How each option is set, and each value that it may have by name: what a plugin asks for at once cannot be asked of the host. */
function howToSetWords(options: readonly OptionSpec[], context: PluginContext): Record<string, string> {
  const words: Record<string, string> = {};
  for (const spec of options) {
    words[spec.id] = context.howToSet(spec.id);
    const values = spec.type === 'boolean' ? [true, false] : spec.type === 'choice' ? spec.choices.map(({ value }) => value) : [];
    for (const value of values) words[`${spec.id}=${String(value)}`] = context.howToSet(spec.id, value);
  }
  return words;
}
