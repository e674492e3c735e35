import { UnflatError, type ModelRow, type Tensor } from '../core/index.ts';
import type { Port, Session } from './runtime.ts';

/** The session's input that the picture goes into. @throws UnflatError `bad-model` naming what there is. */
export function imageInput(row: ModelRow, { inputs }: Session): Port {
  const found = row.input.name === null ? inputs[0] : inputs.find(({ name }) => name === row.input.name);
  if (!found) throw misfit(row, `it has no input called ${row.input.name}, but ${names(inputs)}`);
  return found;
}

/** The session's input that the mask goes into. @throws UnflatError `bad-model` naming what there is. */
export function maskInput(row: ModelRow, name: string | null, { inputs }: Session, image: Port): Port {
  const found = inputs.find((port) =>
    name === null ? port !== image && !Object.hasOwn(row.constants ?? {}, port.name) : port.name === name,
  );
  if (!found)
    throw misfit(
      row,
      name === null ? 'it has no second input for the mask of what to fill in' : `it has no input called ${name}, but ${names(inputs)}`,
    );
  return found;
}

/** The names of the outputs that a row and a request want, the row's first. @throws UnflatError `bad-model`. */
export function wantedOutputs(row: ModelRow, { outputs }: Session, more: readonly string[] = []): string[] {
  const first = row.output.name ?? outputs[0]?.name;
  if (first === undefined) throw misfit(row, 'it has no output');
  const wanted = [...new Set([first, ...more])];
  const missing = wanted.find((name) => !outputs.some((output) => output.name === name));
  if (missing !== undefined) throw misfit(row, `it has no output called ${missing}, but ${names(outputs)}`);
  return wanted;
}

/** Whether all that is fed has the type and shape that the model asks for. @throws UnflatError `bad-model`. */
export function checkFeeds(row: ModelRow, { inputs }: Session, feeds: Readonly<Record<string, Tensor>>): void {
  for (const { name, type, shape } of inputs) {
    const fed = feeds[name];
    if (!fed) throw misfit(row, `it also wants an input called ${name}, which nobody feeds`);
    if (type !== fed.type) throw misfit(row, `its input ${name} takes ${type ?? 'a rare number type'}, not ${fed.type}`);
    const fits =
      shape.length === fed.dims.length && shape.every((axis, i) => typeof axis === 'string' || axis <= 0 || axis === fed.dims[i]);
    if (!fits) throw misfit(row, `its input ${name} takes ${shapeText(shape)}, not ${shapeText(fed.dims)}`);
  }
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) throw misfit(row, `it has no input called ${unknown}, but ${names(inputs)}`);
}

function misfit(row: ModelRow, what: string): UnflatError {
  return new UnflatError(
    'bad-model',
    `“${row.label}” does not fit its description: ${what}. Choose another model, or add it again with the right answers.`,
  );
}

const names = (ports: readonly Port[]): string => ports.map(({ name }) => name).join(', ');
const shapeText = (shape: readonly (number | string)[]): string => (shape.length === 0 ? 'a single number' : shape.join('×'));
