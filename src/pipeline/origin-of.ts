import type { SceneOrigin } from '../core/index.ts';
import type { ConvertReport, ConvertSettings, DepthReport, InpaintReport } from './types.ts';

/** What a file of the scene says of its making: nothing that tells who or where. */
export function originOf(
  photoHash: string,
  { longerSidePx, detailPx, smoothing, depthStrength, emphasis }: ConvertSettings,
  { depthSource, depthModel }: Pick<DepthReport, 'depthSource' | 'depthModel'>,
  { originalWidth, originalHeight }: Pick<ConvertReport, 'originalWidth' | 'originalHeight'>,
  { plugin, model }: InpaintReport,
): SceneOrigin {
  return {
    photoHash,
    originalWidth,
    originalHeight,
    depthSource,
    ...(depthModel && { depthModel: depthModel.id }),
    inpainter: plugin,
    ...(model && { inpaintModel: model.id }),
    settings: { longerSidePx, detailPx, smoothing, depthStrength, emphasis },
  };
}
