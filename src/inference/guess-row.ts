import { OWN_MODEL_PLUGINS } from '../../plugins/own-model-plugins.ts';
import { UnflatError, type ModelFile, type ModelInput, type ModelOutput, type ModelRow, type ModelSize } from '../core/index.ts';
import { COLOUR_VALUES } from './colour-values.ts';
import { guessInpaintRow } from './guess-inpaint-row.ts';
import type { OnnxFacts, OnnxPort } from './inspect-onnx.ts';
import type { ModelGuess, OwnModelAnswers } from './model-source.ts';

/**
 * Makes a row of what a model's file says and a person adds: layout and size from the input's shape, the meaning from the
 * output's name. What neither says is the commonest: RGB from 0 to 1, inverse depth. Models that take a mask besides inpaint.
 * @param file the model's name, and the sizes of all its files, itself first.
 * @throws UnflatError `bad-model` for a model that takes no single picture or gives neither a map nor, with a mask, a picture.
 */
export function guessRow(facts: OnnxFacts, name: string, files: readonly ModelFile[], answers: OwnModelAnswers = {}): ModelGuess {
  const id = `own-${slug(name)}`;
  const label = answers.label?.trim() || name.replace(/\.onnx$/i, '');
  const inpaint = guessInpaintRow(facts, name, { id, label, files }, answers);
  if (inpaint) return inpaint;
  const picture = pictureInput(facts, name);
  const shape = layoutOf(picture.port, name);
  const output = mapOutput(facts, name);
  const isMoge = facts.inputs.some((port) => port.name === 'num_tokens') && output.meaning === 'points';
  const values = answers.values ?? guessValues(picture.port);
  const type = picture.port.type as ModelInput['type'];
  const row: ModelRow = {
    id,
    label,
    kind: 'depth',
    plugin: isMoge ? OWN_MODEL_PLUGINS.points : OWN_MODEL_PLUGINS.depth,
    files,
    licence: null,
    about: 'A model file of your own.',
    quality: 3,
    speed: 3,
    input: {
      name: picture.port.name,
      type,
      shape,
      channels: answers.channels ?? 'rgb',
      size: sizeOf(picture.port, shape, name),
      resampling: 'area',
      ...COLOUR_VALUES[values],
    },
    ...(isMoge && { constants: { num_tokens: { type: 'int64', dims: picture.tokens ?? [], data: [1800] } } }),
    output: { name: output.name, meaning: answers.meaning ?? output.meaning },
    providers: ['webgpu', 'wasm'],
    verified: 'signature',
  };
  const unsure: ModelGuess['unsure'] = isMoge
    ? []
    : [...(output.isSure ? [] : ['meaning' as const]), ...(type === 'uint8' ? [] : ['values' as const])];
  return { row, unsure };
}

function slug(name: string): string {
  const plain = name
    .replace(/\.onnx$/i, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 40).replace(/-+$/, '') || 'model';
}

const words = ({ dims }: OnnxPort): string =>
  dims ? dims.map((dim) => (typeof dim === 'number' ? dim : 'any')).join(' × ') : 'an unknown shape';

/** The one input that a picture fits, and the shape of `num_tokens` where there is one. */
function pictureInput({ inputs }: OnnxFacts, name: string): { port: OnnxPort; tokens?: number[] } {
  const tokens = inputs.find((port) => port.name === 'num_tokens' && port.type === 'int64');
  const others = inputs.filter((port) => port !== tokens);
  const fitting = others.filter((port) => port.dims === null || port.dims.length >= 3);
  const [port, second] = fitting;
  if (!port) {
    const has = others.map((each) => `${each.name} (${words(each)})`).join(', ') || 'none';
    throw new UnflatError('bad-model', `${name} takes no image (its inputs: ${has}). Choose a model that estimates depth from one photo.`);
  }
  if (second || others.length > 1) {
    const other = others.find((each) => each !== port);
    throw new UnflatError(
      'bad-model',
      `${name} needs ${other?.name ?? 'another input'} besides an image, which Unflat cannot give. Choose a model that estimates depth from one photo, or one that fills in holes from an image and a mask.`,
    );
  }
  if (!['float32', 'float16', 'uint8'].includes(port.type)) {
    throw new UnflatError(
      'bad-model',
      `${name} takes its image as ${port.type}; Unflat gives float32, float16 or uint8. Export it with one of those.`,
    );
  }
  return { port, ...(tokens && { tokens: (tokens.dims ?? []).map(() => 1) }) };
}

/** Where height, width and the colours are; what is not said is the usual order. */
function layoutOf(port: OnnxPort, name: string): ModelInput['shape'] {
  const dims = port.dims ?? [1, 3, null, null];
  const rank = dims.length;
  const reject = (): UnflatError =>
    new UnflatError(
      'bad-model',
      `${name} takes ${words(port)}, which is not a single colour image (like 1 × 3 × 256 × 256). Choose another model.`,
    );
  if (rank > 5) throw reject();
  // Colours before or behind the plane; where several axes could be them, before is usual.
  const at = dims[rank - 3] === 3 ? rank - 3 : dims[rank - 1] === 3 ? rank - 1 : typeof dims[rank - 3] !== 'number' ? rank - 3 : -1;
  if (at < 0) {
    const channels = dims[rank - 3];
    if (channels === 1 || channels === 2 || channels === 4 || channels === 6) {
      throw new UnflatError(
        'bad-model',
        `${name} takes images of ${channels} channels (${words(port)}); Unflat gives 3 colours. Choose another model.`,
      );
    }
    throw reject();
  }
  const plane: ModelInput['shape'] = at === rank - 3 ? [3, 'height', 'width'] : ['height', 'width', 3];
  const leading = dims.slice(0, rank - 3);
  if (leading.some((dim) => typeof dim === 'number' && dim !== 1)) throw reject();
  return [...leading.map(() => 1), ...plane];
}

function sizeOf({ dims }: OnnxPort, shape: ModelInput['shape'], name: string): ModelSize {
  const lengthOf = (axis: 'height' | 'width'): number | undefined => {
    const length = dims?.[shape.indexOf(axis)];
    return typeof length === 'number' ? length : undefined;
  };
  // Where only one is said the other may be anything, the same too.
  const height = lengthOf('height') ?? lengthOf('width');
  const width = lengthOf('width') ?? height;
  if (width !== undefined && height !== undefined) {
    if (width < 8 || height < 8 || width > 8192 || height > 8192) {
      throw new UnflatError(
        'bad-model',
        `${name} takes images of ${width} × ${height} pixels, which is not the size of a photo. Choose another model.`,
      );
    }
    return { rule: 'fixed', width, height };
  }
  // Patches of 14 pixels where the name tells; else a size that suits patches of 14, 16 and 32 alike.
  const fourteen = /anything|dinov2|dav2|da2|moge|metric3d|unidepth/i.test(name);
  return fourteen ? { rule: 'short-side', px: 518, multipleOf: 14 } : { rule: 'short-side', px: 448, multipleOf: 224 };
}

function guessValues({ name, type }: OnnxPort): NonNullable<OwnModelAnswers['values']> {
  if (type === 'uint8') return '0..255';
  // The name that Hugging Face's exporters give to what their processors have normalised.
  return name === 'pixel_values' ? 'imagenet' : '0..1';
}

/** The output that looks most like a map, and what it seems to mean. */
function mapOutput({ outputs }: OnnxFacts, name: string): ModelOutput & { isSure: boolean } {
  const points = outputs.find((port) => port.name === 'points' && port.dims?.at(-1) === 3);
  if (points) return { name: points.name, meaning: 'points', isSure: true };
  const maps = outputs.filter(isMap);
  const found = maps.find((port) => /depth|disp|inverse/i.test(port.name)) ?? maps[0];
  if (!found) {
    const has = outputs.map((port) => `${port.name} (${words(port)})`).join(', ');
    throw new UnflatError(
      'bad-model',
      `${name} gives no depth map (its outputs: ${has}). Choose a model that returns one number per pixel.`,
    );
  }
  const text = `${found.name} ${name}`;
  if (/disp|inverse|inv_?depth/i.test(found.name) || /midas/i.test(name)) return { name: found.name, meaning: 'disparity', isSure: true };
  if (/metric/i.test(text)) return { name: found.name, meaning: 'metric', isSure: false };
  return { name: found.name, meaning: 'disparity', isSure: false };
}

/** One number a pixel: all axes but two are 1, or not said. */
function isMap({ dims, type }: OnnxPort): boolean {
  if (!['float32', 'float16', 'uint8', 'undefined'].includes(type)) return false;
  if (dims === null) return true;
  const long = dims.filter((dim) => dim !== 1);
  if (dims.length < 2 || dims.length > 5 || long.length < 2) return false;
  const fixed = long.filter((dim) => typeof dim === 'number');
  const open = long.length - fixed.length;
  // An open batch or channel axis beside the plane is usual; more than one channel is not a map.
  const plane = long.slice(-2);
  const rest = long.slice(0, -2);
  return rest.every((dim) => typeof dim !== 'number') && (open > 0 || plane.every((dim) => typeof dim === 'number' && dim > 4));
}
