import { UnflatError, type ModelRow, type Provider } from '../core/index.ts';

/** What a runtime's failure means. */
export interface Explained {
  error: UnflatError;
  /** In a few words, for a warning. */
  reason: string;
  /** Whether another provider may do better. */
  isProviders: boolean;
  /** It would be the same the next time, so that it is worth remembering. */
  isLasting: boolean;
  /** The runtime cannot be used any more: its worker is to be replaced. */
  isFatal: boolean;
}

/** Says in words what a runtime threw; its own text goes along as `cause`. */
export function explain(thrown: unknown, row: ModelRow, provider: Provider): Explained {
  const text = textOf(thrown);
  const name = `“${row.label}”`;
  const isFatal = /\baborted\b|unreachable|table index is out of bounds|memory access out of bounds/i.test(text);
  const tell = (
    code: 'bad-model' | 'out-of-memory' | 'unsupported' | 'io',
    reason: string,
    message: string,
    isProviders = false,
  ): Explained => ({
    error: new UnflatError(code, message, { cause: thrown }),
    reason,
    isProviders,
    isLasting: true,
    isFatal,
  });
  if (
    /bad_alloc|out of memory|\boom\b|allocation failed|failed to allocate|could not allocate|cannot enlarge memory|memory\.grow|buffer size.*(exceed|larger|limit)|max.*buffer.*size/i.test(
      text,
    )
  ) {
    return tell(
      'out-of-memory',
      'there was not enough memory',
      `${name} needs more memory than this browser gives. Close other tabs and try again, or choose a smaller model.`,
      true,
    );
  }
  const isStart =
    /no available backend found|dynamically imported module|importing a module script failed|previous call to 'initWasm/i.test(text);
  if (isStart) {
    // It would not start a second time in the same worker, so that one has to go.
    const start = { isProviders: true, isLasting: false, isFatal: true };
    if (/fetch|network|module script|dynamically imported/i.test(text)) {
      return {
        ...tell(
          'io',
          'the model runtime could not be loaded',
          'The model runtime is not on this device yet and could not be loaded. Connect to the internet once and try again.',
        ),
        ...start,
      };
    }
    return {
      ...tell(
        'unsupported',
        'it could not be started',
        `The model runtime could not be started in this browser (${shorten(text)}). Update the browser, or add a depth map.`,
      ),
      ...start,
    };
  }
  if (/protobuf parsing failed|no graph was found|invalid protobuf|not a valid (onnx|model)/i.test(text)) {
    return tell(
      'bad-model',
      'its file is damaged',
      `${name} is not an ONNX model, or its file is damaged. Remove it, then download or add it again.`,
    );
  }
  const newest = /support for domain ([\w.]+) is till opset (\d+)/i.exec(text);
  if (newest || /opset.*(not supported|under development)/i.test(text)) {
    const wanted = /Opset (\d+) is under/i.exec(text)?.[1];
    return tell(
      'bad-model',
      'it is newer than this version',
      `${name} was made for a newer ONNX version (opset ${wanted ?? '?'}) than this app knows (up to ${newest?.[2] ?? '?'}). Update the app, or export the model with an older opset.`,
    );
  }
  const missing = /external data file "*([^"]+?)"*, error: *(.*)/i.exec(text);
  if (missing) {
    const [, file = '', why = ''] = missing;
    if (/memory|alloc/i.test(why))
      return tell(
        'out-of-memory',
        'there was not enough memory',
        `${name} needs more memory than this browser gives. Close other tabs and try again, or choose a smaller model.`,
        true,
      );
    const what = /out of bounds/i.test(why)
      ? `the file ${file} beside it is too short`
      : `the file ${file} that belongs beside it is missing`;
    return tell('bad-model', what, `${name} cannot be run: ${what}. Add the model together with all files of its folder.`);
  }
  const operator =
    /No Op registered for (\S+)/i.exec(text)?.[1] ??
    /(?:find an implementation for|not implemented.*?(?:op|operator|kernel)[^\w]*)\s*(\w+)/i.exec(text)?.[1];
  if (operator) {
    const where = provider === 'webgpu' ? 'on the GPU' : 'here';
    return tell(
      'bad-model',
      `it uses the operator ${operator}`,
      `${name} uses the operator ${operator}, which cannot be run ${where}. Choose another model, or export it without that operator.`,
      true,
    );
  }
  if (/requires f16/i.test(text)) {
    return tell(
      'unsupported',
      'it needs half precision, which this GPU does not support',
      `${name} needs half precision, which this GPU does not support. Choose another variant of it.`,
      true,
    );
  }
  if (/device.*lost|lost.*device|device is destroyed|external instance reference/i.test(text)) {
    return tell(
      'unsupported',
      'the GPU was lost',
      `The GPU was lost while “${row.label}” ran. Try again, or choose a smaller model.`,
      true,
    );
  }
  return tell(
    'bad-model',
    shorten(text),
    `${name} could not be run (${shorten(text)}). Choose another model, or remove it, then download or add it again.`,
    true,
  );
}

function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  // A bare number is the address of a C++ exception, which says nothing to anybody.
  if (typeof thrown === 'number') return 'the runtime stopped';
  return typeof thrown === 'string' ? thrown : 'unknown reason';
}

/** The last sentence that is meant for people: without error codes, source paths and signatures. */
function shorten(text: string): string {
  const plain = text
    .replace(/^.*ERROR_MESSAGE:/s, '')
    .replace(/^.*returned while running (\w+) node\..*?Status Message:/s, 'its step $1 failed:')
    .replace(/\S+\.(?:cc|h|cpp):\d+(?: \w+(?= \w+ ))?\s*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return plain.length > 160 ? `${plain.slice(0, 159)}…` : plain || 'no reason given';
}
