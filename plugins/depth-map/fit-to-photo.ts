import type { DepthInput, Passes, PluginContext } from 'unflat/plugin';
import { fileOrientation } from './exif-orientation.ts';
import { findTurn, stretchedOrCut } from './find-turn.ts';
import { aspectDifference, turnUpright } from './turn-upright.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { askedTurn, inverseTurn, turnDone } from './asked-turn.ts';

/** Shapes that differ by this much are told to the person, and by more than the second are refused. */
const WARN_ASPECT = 0.03;
const REFUSE_ASPECT = 0.25;
/**
 * A square map of a photo that is no square is what a model saw of it: the photo squeezed (then its edges lie on the photo's when it is
 * stretched), its middle, or the photo with bars. Set on 204 squares: of 51 of each kind all squeezed ones had 4.4 and more, those of
 * other photos 3.5 and less; of middles 44 were told, of bars 51, and no squeezed one was taken for either.
 */
const SQUEEZED = { least: 4, otherwiseLeast: 4, otherwiseMore: 2.2 };

/**
 * Turns a map as the person asks, or, for a map from a file of its own, as its edges and the photo's say; checks that the shapes
 * belong together.
 * @throws UnflatError `bad-depth` when the map cannot be this photo's.
 */
export function* fitToPhoto(map: RawDepth, input: DepthInput, context: PluginContext): Passes<RawDepth> {
  const asked = askedTurn(input.options.turn);
  const turned = asked === undefined ? yield* turnedByEdges(map, input, context) : turnUpright(map, asked);
  yield;
  yield* checkShape(turned, input, context, asked !== undefined);
  return turned;
}

function* turnedByEdges(map: RawDepth, { photo, file, map: mapFile, options }: DepthInput, context: PluginContext): Passes<RawDepth> {
  // Depth inside a photo is turned as the file says; an exact map is taken as it is.
  if (!mapFile || options.exact === true) return map;
  const own = fileOrientation(mapFile.bytes) ?? 1;
  // Editors copy the photo's EXIF to a map that is upright already; others save the map as the sensor saw it.
  const { orientation, by } = yield* findTurn(map, photo, [inverseTurn(own), fileOrientation(file.bytes) ?? 1]);
  if (orientation === undefined) {
    throw badDepth(
      map.what,
      `it is ${map.width} × ${map.height}, but ${photo.name} is ${photo.originalWidth} × ${photo.originalHeight}: it seems to be turned by 90°.`,
      `Turn the map and try again, or ${context.howToSet('turn')}.`,
    );
  }
  if (orientation !== 1) {
    const why = by === 'edges' ? `its edges then lie on those of ${photo.name}` : `it then has the shape of ${photo.name}`;
    context.note(`${map.what} was ${turnDone(orientation)}, because ${why}. If that is wrong, ${context.howToSet('turn')}.`);
  }
  return turnUpright(map, orientation);
}

/** Whether a square map is the whole photo, squeezed. Only maps from files of their own are asked: what lies inside a photo has its shape. */
function* isSqueezed(map: RawDepth, { photo, map: mapFile, options }: DepthInput, isAsked: boolean): Passes<boolean> {
  if (map.width !== map.height || !mapFile || options.exact === true) return false;
  if (isAsked) return true;
  const { stretched, otherwise } = yield* stretchedOrCut(map, photo);
  const isCut = otherwise >= SQUEEZED.otherwiseLeast && otherwise - stretched >= SQUEEZED.otherwiseMore;
  return stretched >= SQUEEZED.least && !isCut;
}

function* checkShape(map: RawDepth, input: DepthInput, context: PluginContext, isAsked: boolean): Passes<void> {
  const { photo } = input;
  const { name, originalWidth: width, originalHeight: height } = photo;
  const difference = aspectDifference(map.width, map.height, width, height);
  if (difference <= WARN_ASPECT) return;
  const crossed = aspectDifference(map.height, map.width, width, height);
  const sizes = `${map.what} is ${map.width} × ${map.height}, but ${name} is ${width} × ${height}`;
  if (difference > REFUSE_ASPECT && (yield* isSqueezed(map, input, isAsked))) {
    context.note(`${sizes}: the map is the whole photo squeezed into a square, so it was stretched over the photo.`);
    return;
  }
  // Who says how it lies means it.
  if (difference <= REFUSE_ASPECT || (isAsked && crossed <= REFUSE_ASPECT)) {
    context.warn(`${sizes}: the shapes differ, so depth was stretched over the photo. Edges may not line up.`);
    return;
  }
  let advice = 'Use the map that belongs to this photo, uncropped.';
  if (map.width === map.height && input.map)
    advice = `Use the map of the whole photo. If it is that, squeezed into a square: ${context.howToSet('turn', 'none')}.`;
  else if (crossed <= WARN_ASPECT) advice = `It seems to be turned by 90°: ${context.howToSet('turn')}.`;
  throw badDepth(map.what, `it is ${map.width} × ${map.height}, but ${name} is ${width} × ${height}: the shapes do not match.`, advice);
}
