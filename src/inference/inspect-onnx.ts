import { UnflatError } from '../core/index.ts';
import { ProtobufError, WireReader, type Field } from './wire-reader.ts';

/** An input or output of a model as its file describes it. */
export interface OnnxPort {
  name: string;
  /** ONNX's name of the element type, or `type 17` where it is none of the common ones. */
  type: string;
  /** Lengths; a string names an axis of any length, null is one without a name. Null altogether = not said. */
  dims: (number | string | null)[] | null;
}

/** What can be known of a model without loading it. */
export interface OnnxFacts {
  /** Version of the file format. */
  irVersion: number;
  /** Version of the standard operators; 0 = not said. */
  opset: number;
  /** Operator sets other than the standard one. */
  domains: string[];
  /** The program that wrote it; '' = not said. */
  producer: string;
  /** What has to be fed: without the inputs that the file itself has values for. */
  inputs: OnnxPort[];
  outputs: OnnxPort[];
  /** Files beside it that hold its weights, as it names them. */
  external: string[];
}

/** Element types by number (onnx.proto3, TensorProto.DataType). */
const TYPES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
];
/** Larger than any real model's count; keeps hostile files from filling the memory. */
const MOST_PORTS = 1000;

/**
 * Reads inputs, outputs, versions and references of an ONNX file (ModelProto of onnx.proto3); weights are skipped, so that a
 * file of 2 GB takes a few reads of some kilobytes.
 * @param name what messages call the file.
 * @throws UnflatError `bad-model` for what is no ONNX model, saying what it is where that can be told.
 */
export async function inspectOnnx(file: Blob, name: string): Promise<OnnxFacts> {
  if (file.size === 0) throw new UnflatError('bad-model', `${name} is empty (0 bytes); download or copy it again.`);
  const reader = new WireReader(file);
  const other = otherFormat(await reader.bytes(0, Math.min(64, file.size)), name);
  if (other) throw new UnflatError('bad-model', `${name} ${other}`);
  try {
    const facts = await readModel(reader);
    if (facts) return facts;
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    const isCut = /cut off/.test(cause.message);
    throw new UnflatError(
      'bad-model',
      `${name} is ${isCut ? 'cut off, or ' : ''}not an ONNX model. ${isCut ? 'Download it again, or choose' : 'Choose'} the model’s .onnx file.`,
      { cause },
    );
  }
  throw new UnflatError('bad-model', `${name} is not an ONNX model. Choose the model’s .onnx file.`);
}

/** What a file is that people take for a model; undefined = it may be one. */
function otherFormat(bytes: Uint8Array, name: string): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  const convert = 'ask for the model’s .onnx file, or export it to ONNX.';
  if (/^\s*(<!doctype|<html|<\?xml)/i.test(start)) return 'is a web page, not a model; the download went wrong. Download it again.';
  if (start.startsWith('version https://git-lfs')) return 'is only a pointer to the file (Git LFS); download the file itself.';
  if (start.startsWith('PK'))
    return /\.(zip|task)$/i.test(name)
      ? `is an archive; unpack it and choose the .onnx file.`
      : `is a PyTorch checkpoint or an archive, not ONNX; ${convert}`;
  if (start.startsWith('\x80\x02') || start.startsWith('\x80\x04')) return `is a PyTorch checkpoint, not ONNX; ${convert}`;
  if (start.slice(4, 8) === 'TFL3') return `is a TensorFlow Lite model, not ONNX; ${convert}`;
  if (start.slice(4, 8) === 'ORTM') return `is a model in ONNX Runtime’s own format; ${convert}`;
  if (start.startsWith('GGUF')) return `is a GGUF file, not ONNX; ${convert}`;
  if (start.startsWith('\x89HDF')) return `is a Keras or HDF5 file, not ONNX; ${convert}`;
  if (start[8] === '{' && /^.{4}\0\0\0\0/s.test(start)) return `is a safetensors file, not ONNX; ${convert}`;
  if (/^(\x89PNG|\xff\xd8\xff|GIF8|RIFF)/.test(start)) return 'is an image, not a model; open it as a photo instead.';
  return undefined;
}

async function readModel(reader: WireReader): Promise<OnnxFacts | undefined> {
  const facts: OnnxFacts = { irVersion: 0, opset: 0, domains: [], producer: '', inputs: [], outputs: [], external: [] };
  let graph: Field | undefined;
  for await (const field of reader.fields(0, reader.size)) {
    if (field.number === 1 && field.wire === 0) facts.irVersion = field.value;
    else if (field.number === 2 && field.wire === 2) facts.producer = await reader.text(field);
    else if (field.number === 7 && field.wire === 2) graph = field;
    else if (field.number === 8 && field.wire === 2) await readOpset(reader, field, facts);
  }
  if (!graph || facts.irVersion < 1 || facts.irVersion > 1000) return undefined;
  await readGraph(reader, graph, facts);
  return facts.outputs.length > 0 ? facts : undefined;
}

async function readOpset(reader: WireReader, { start, end }: Field, facts: OnnxFacts): Promise<void> {
  let domain = '';
  let version = 0;
  for await (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 2) domain = await reader.text(field);
    if (field.number === 2 && field.wire === 0) version = field.value;
  }
  if (domain === '' || domain === 'ai.onnx') facts.opset = version;
  else if (facts.domains.length < MOST_PORTS) facts.domains.push(domain);
}

async function readGraph(reader: WireReader, { start, end }: Field, facts: OnnxFacts): Promise<void> {
  const inside = new Set<string>();
  const external = new Set<string>();
  const inputs: OnnxPort[] = [];
  for await (const field of reader.fields(start, end)) {
    if (field.wire !== 2) continue;
    if (field.number === 5) inside.add(await readTensor(reader, field, external));
    else if (field.number === 11 && inputs.length < 100 * MOST_PORTS) inputs.push(await readPort(reader, field));
    else if (field.number === 12 && facts.outputs.length < MOST_PORTS) facts.outputs.push(await readPort(reader, field));
  }
  // Old files list their weights among the inputs.
  facts.inputs = inputs.filter(({ name }) => !inside.has(name)).slice(0, MOST_PORTS);
  facts.external = [...external];
}

/** @returns the tensor's name; its data are skipped. */
async function readTensor(reader: WireReader, { start, end }: Field, external: Set<string>): Promise<string> {
  let name = '';
  for await (const field of reader.fields(start, end)) {
    if (field.number === 8 && field.wire === 2) name = await reader.text(field);
    if (field.number === 13 && field.wire === 2) await readReference(reader, field, external);
  }
  return name;
}

async function readReference(reader: WireReader, { start, end }: Field, external: Set<string>): Promise<void> {
  let key = '';
  let value = '';
  for await (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 2) key = await reader.text(field);
    if (field.number === 2 && field.wire === 2) value = await reader.text(field);
  }
  if (key === 'location' && external.size < MOST_PORTS) external.add(value);
}

async function readPort(reader: WireReader, { start, end }: Field): Promise<OnnxPort> {
  const port: OnnxPort = { name: '', type: 'undefined', dims: null };
  for await (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 2) port.name = await reader.text(field);
    // TypeProto with its tensor_type.
    if (field.number === 2 && field.wire === 2) {
      for await (const inner of reader.fields(field.start, field.end))
        if (inner.number === 1 && inner.wire === 2) await readTensorType(reader, inner, port);
    }
  }
  return port;
}

async function readTensorType(reader: WireReader, { start, end }: Field, port: OnnxPort): Promise<void> {
  for await (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 0) port.type = TYPES[field.value] ?? `type ${field.value}`;
    if (field.number !== 2 || field.wire !== 2) continue;
    port.dims = [];
    for await (const dim of reader.fields(field.start, field.end)) {
      if (dim.number === 1 && dim.wire === 2 && port.dims.length < 64) port.dims.push(await readDim(reader, dim));
    }
  }
}

async function readDim(reader: WireReader, { start, end }: Field): Promise<number | string | null> {
  for await (const field of reader.fields(start, end)) {
    // −1 and 0 are ways of saying "any" that some exporters have.
    if (field.number === 1 && field.wire === 0) return field.value > 0 && field.value < 2 ** 31 ? field.value : null;
    if (field.number === 2 && field.wire === 2) return reader.text(field);
  }
  return null;
}
