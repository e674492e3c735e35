import type { Tensor } from '../core/index.ts';

/** Answers of fewer numbers may well be all the same. */
const FEW = 16;

/** What makes an answer useless, in a few words for a warning; undefined for one that may be right. */
export function whyWrong(output: Tensor): string | undefined {
  const { data } = output;
  if (!(data instanceof Float32Array) || data.length === 0) return undefined;
  const numbers = data.reduce((count, value) => count + Number(Number.isFinite(value)), 0);
  if (numbers === 0) return 'it returned no numbers';
  if (numbers < data.length) return 'some of the values it returned are not numbers';
  return isConstant(output) ? 'it returned the same value everywhere' : undefined;
}

export function isConstant({ data }: Tensor): boolean {
  return data instanceof Float32Array && data.length >= FEW && data.every((value) => value === data[0]);
}
