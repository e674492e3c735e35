import { OWN_MODEL_PLUGINS } from '../../plugins/own-model-plugins.ts';
import type { MaskInput, ModelFile, ModelInput, ModelRow } from '../core/index.ts';
import { COLOUR_VALUES } from './colour-values.ts';
import type { OnnxFacts, OnnxPort } from './inspect-onnx.ts';
import type { ModelGuess, OwnModelAnswers } from './model-source.ts';

/** Where a model takes any size: what those for inpainting are mostly trained with. */
const USUAL_PX = 512;

/** The parts of a model that inpaints holes. */
interface InpaintPorts {
  picture: OnnxPort;
  /** Absent where the mask is a fourth colour of the picture. */
  mask?: OnnxPort;
  output: OnnxPort;
}

/** The picture, the mask and the colours of a model that takes and gives just those; undefined where it is something else. */
function inpaintPorts({ inputs, outputs }: OnnxFacts): InpaintPorts | undefined {
  const [a, b] = inputs;
  if (a && inputs.length === 1 && a.dims?.length === 4 && (a.dims[1] === 4 || a.dims[3] === 4) && NUMBERS.includes(a.type)) {
    const output = outputs.find((port) => port.dims !== null && hasColours(port));
    return output && { picture: a, output };
  }
  if (!a || !b || inputs.length !== 2) return undefined;
  const [picture, mask] = isMask(a) && !isMask(b) ? [b, a] : [a, b];
  if (!isMask(mask) || !hasColours(picture)) return undefined;
  const output = outputs.find((port) => hasColours(port) && !isMask(port));
  return output && { picture, mask, output };
}

const NUMBERS = ['float32', 'float16', 'uint8'];

function hasColours({ type, dims }: OnnxPort): boolean {
  if (![...NUMBERS, 'undefined'].includes(type)) return false;
  if (dims === null) return true;
  return dims.length === 4 && colourAxis(dims) >= 0;
}

/** Where the three colours are: before or behind the plane. */
function colourAxis(dims: OnnxPort['dims'] & object, colours = 3): number {
  if (dims[1] === colours) return 1;
  if (dims[3] === colours) return 3;
  // Before is usual, where neither is said.
  return typeof dims[1] !== 'number' ? 1 : -1;
}

/** One number a pixel; a name has to do where the shape says nothing. */
function isMask({ name, type, dims }: OnnxPort): boolean {
  if (!NUMBERS.includes(type)) return false;
  const isNamed = /mask|hole/i.test(name);
  if (dims === null) return isNamed;
  if (dims.length < 2 || dims.length > 4) return false;
  if (dims.length < 4) return true;
  return dims[1] === 1 || dims[3] === 1 || (isNamed && typeof dims[1] !== 'number');
}

/**
 * Makes a row of a model that takes a picture and a mask, be it as a fourth colour, and gives a picture, or undefined where it is none. MI-GAN and LaMa are
 * known by their names; of others nothing says what white in the mask means, and, unless they take and give bytes, how colours count.
 */
export function guessInpaintRow(
  facts: OnnxFacts,
  name: string,
  base: Pick<ModelRow, 'id' | 'label'> & { files: readonly ModelFile[] },
  answers: OwnModelAnswers,
): ModelGuess | undefined {
  const ports = inpaintPorts(facts);
  if (!ports) return undefined;
  const { picture, mask, output } = ports;
  const isMigan = /mi-?gan/i.test(name);
  const isLama = /lama/i.test(name);
  const type = picture.type as ModelInput['type'];
  const maskType = (mask ?? picture).type as ModelInput['type'];
  const values = answers.values ?? (type === 'uint8' ? '0..255' : '0..1');
  const gives = answers.gives ?? (output.type === 'uint8' || (isLama && mask) ? '0..255' : values === 'imagenet' ? '0..1' : values);
  const white = maskType === 'uint8' ? 255 : 1;
  const isKept = (answers.mask ?? (isMigan ? 'keep' : 'fill')) === 'keep';
  const isByte = type === 'uint8';
  const dims = picture.dims ?? [1, 3, null, null];
  const colours = mask ? 3 : 4;
  const shape: ModelInput['shape'] = colourAxis(dims, colours) === 3 ? [1, 'height', 'width', colours] : [1, colours, 'height', 'width'];
  const row: ModelRow = {
    id: base.id,
    label: base.label,
    kind: 'inpaint',
    plugin: OWN_MODEL_PLUGINS.inpaint,
    files: base.files,
    licence: null,
    about: 'A model file of your own.',
    quality: 3,
    speed: 3,
    input: {
      name: picture.name,
      type,
      shape,
      channels: answers.channels ?? 'rgb',
      size: { rule: 'fixed', width: lengthOf(dims, shape, 'width'), height: lengthOf(dims, shape, 'height') },
      resampling: 'area',
      ...COLOUR_VALUES[values],
      mask: {
        ...(mask ? { name: mask.name, type: maskType, shape: maskShape(mask) } : { channel: 'last' }),
        keep: isKept ? white : 0,
        fill: isKept ? 0 : white,
        ...(!isByte && { under: values === '-1..1' ? 'grey' : 'black' }),
      },
    },
    output: { name: output.name, meaning: 'colour', range: COLOUR_VALUES[gives].range },
    // LaMa's transforms fail on WebGPU; versions with a fourth colour have others.
    providers: isLama && mask ? ['wasm'] : ['webgpu', 'wasm'],
    verified: 'signature',
  };
  const unsure: ModelGuess['unsure'] = [
    ...(isMigan || isLama ? [] : ['mask' as const]),
    ...(isByte || isLama ? [] : ['values' as const]),
    ...(output.type === 'uint8' || isLama ? [] : ['gives' as const]),
  ];
  return { row, unsure };
}

function lengthOf(dims: OnnxPort['dims'] & object, shape: ModelInput['shape'], axis: 'height' | 'width'): number {
  const length = dims[shape.indexOf(axis)];
  return typeof length === 'number' && length >= 64 ? length : USUAL_PX;
}

function maskShape({ dims }: OnnxPort): MaskInput['shape'] {
  if (dims === null) return [1, 1, 'height', 'width'];
  if (dims.length === 4) return dims[1] !== 1 && dims[3] === 1 ? [1, 'height', 'width', 1] : [1, 1, 'height', 'width'];
  return dims.length === 3 ? [1, 'height', 'width'] : ['height', 'width'];
}
