import type { Eyebox, Lens, Rect } from '../core/index.ts';
import { Damage } from './damage.ts';
import { LIMITS } from './scene-json.ts';
import { isObject } from './read-glb.ts';

/** What the extension says, seen to be within bounds. */
export interface CheckedScene {
  width: number;
  height: number;
  lens: Lens;
  eyebox: Eyebox;
  movement: number | undefined;
  /** Those that hold anything: the photo's first. */
  layers: CheckedLayer[];
  made: Record<string, unknown> | undefined;
}

export interface CheckedLayer {
  width: number;
  height: number;
  margin: number;
  rect: Rect;
  detail: Rect | undefined;
  texture: unknown;
  data: unknown;
  disparity: { offset: number; step: number };
  joinedLevels: number;
  quads: number;
  softStart: number;
  order: number[];
}

type Json = Record<string, unknown>;

/** Looks at all that the extension says, and at nothing that it does not know: a newer minor version may say more. @throws Damage. */
export function checkJson(json: Json): CheckedScene {
  const width = whole(json, 'width', 1, LIMITS.sidePx);
  const height = whole(json, 'height', 1, LIMITS.sidePx);
  if (width * height > LIMITS.photoPixels) throw new Damage('its photo is too large');
  const given = object(json, 'lens');
  const near = number(given, 'near', 1e-9, 1e12);
  const lens: Lens = {
    fx: number(given, 'fx', 1e-3, 1e4),
    fy: number(given, 'fy', 1e-3, 1e4),
    cx: number(given, 'cx', -100, 100),
    cy: number(given, 'cy', -100, 100),
    near,
    far: given['far'] === undefined ? Infinity : number(given, 'far', near, 1e15),
  };
  const box = object(json, 'eyebox');
  const eyebox: Eyebox = { x: number(box, 'x', 0, 1e12), y: number(box, 'y', 0, 1e12), z: number(box, 'z', 0, 1e12) };
  const all = json['layers'];
  if (!Array.isArray(all) || all.length > LIMITS.layers) throw new Damage('its list of layers makes no sense');
  const listed = all.map((layer: unknown) => checkLayer(layer, width, height));
  if (!listed[0]) throw new Damage('it holds no photo');
  const layers = listed.filter((layer) => layer !== undefined);
  if (layers.slice(1).some(({ detail }) => detail)) throw new Damage('a hidden layer claims to be the photo itself');
  const sum = (of: (layer: CheckedLayer) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  if (sum((layer) => layer.width * layer.height) > LIMITS.layerPixels || sum(({ quads }) => quads) > LIMITS.quads)
    throw new Damage('its layers are too large');
  return {
    width,
    height,
    lens,
    eyebox,
    movement: json['movement'] === undefined ? undefined : number(json, 'movement', 1e-3, 1e3),
    layers,
    made: isObject(json['made']) ? json['made'] : undefined,
  };
}

/** @returns undefined for a layer that holds nothing: it shows nothing. */
function checkLayer(value: unknown, photoWidth: number, photoHeight: number): CheckedLayer | undefined {
  if (!isObject(value)) throw new Damage('one of its layers is missing');
  const width = whole(value, 'width', 0, LIMITS.sidePx);
  const height = whole(value, 'height', 0, LIMITS.sidePx);
  const margin = whole(value, 'margin', 0, LIMITS.sidePx);
  if (value['rect'] === undefined) return undefined;
  const rect = rectOf(value, 'rect', width, height);
  // Every layer lies over the photo.
  if (width !== photoWidth + 2 * margin || height !== photoHeight + 2 * margin)
    throw new Damage('one of its layers has another size than the photo');
  const quads = whole(value, 'quads', 0, LIMITS.quads);
  const levels = value['data'] === undefined ? { offset: 0, step: 1 } : object(value, 'disparity');
  const order = value['order'];
  const isOrder = Array.isArray(order) && order.length === 6 && order.every((vertex) => [0, 1, 2, 3].includes(vertex as number));
  if (quads > 0 && !isOrder) throw new Damage('its triangles make no sense');
  return {
    width,
    height,
    margin,
    rect,
    detail: value['detail'] === undefined ? undefined : rectOf(value, 'detail', LIMITS.sidePx, LIMITS.sidePx),
    texture: value['texture'],
    data: value['data'],
    disparity: { offset: number(levels, 'offset', -1e6, 1e6), step: number(levels, 'step', 1e-12, 1e3) },
    joinedLevels: number(value, 'joinedLevels', 0, 65_535),
    quads,
    softStart: whole(value, 'softStart', 0, quads),
    order: isOrder ? (order as number[]) : [],
  };
}

function rectOf(json: Json, name: string, mostWidth: number, mostHeight: number): Rect {
  const value = json[name];
  const isFour = Array.isArray(value) && value.length === 4 && value.every((part) => Number.isInteger(part) && (part as number) >= 0);
  const [x, y, width, height] = isFour ? (value as [number, number, number, number]) : [0, 0, 0, 0];
  if (width < 1 || height < 1 || x + width > mostWidth || y + height > mostHeight) throw new Damage(`its “${name}” makes no sense`);
  return { x, y, width, height };
}

function object(json: Json, name: string): Json {
  const value = json[name];
  if (!isObject(value)) throw new Damage(`its “${name}” is missing`);
  return value;
}

function number(json: Json, name: string, least: number, most: number): number {
  const value = json[name];
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw new Damage(`its “${name}” makes no sense`);
  return value;
}

function whole(json: Json, name: string, least: number, most: number): number {
  const value = number(json, name, least, most);
  if (!Number.isInteger(value)) throw new Damage(`its “${name}” makes no sense`);
  return value;
}
