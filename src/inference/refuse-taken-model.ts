import { UnflatError, type ModelRow } from '../core/index.ts';

/**
 * Sees that a plugin's model does not take the place of another's: the person's own, or one of the catalogue.
 * @param there the model of that id that is kept already. @param place completes “the model … PLACE”.
 * @throws UnflatError `bad-model`.
 */
export function refuseTakenModel({ id, plugin }: ModelRow, there: { row: ModelRow } | undefined, place: string): void {
  // A plugin of a stranger has no id of ours, by which a person's own models run.
  if (there && there.row.plugin !== plugin)
    throw new UnflatError('bad-model', `${id} is already the id of the model “${there.row.label}” ${place}. Remove that one first.`);
}
