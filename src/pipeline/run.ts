import { type DepthMap, type LayerMesh, type Photo, type Raster, type SourceFile } from '../core/index.ts';
import { grow, mesh, sharpen, tear, type GrownLayers } from '../layers/index.ts';
import { AreaScaler, fitInto } from './area-scaler.ts';
import type { DecodedPhoto } from './decode.ts';
import { eyeboxFor, lensOf, strengthened } from './default-lens.ts';
import { chooseDepth, type DepthChoice } from './depth-choice.ts';
import { depthStage, type DepthedPhoto, type SourceFiles } from './depth-stage.ts';
import { emphasise } from './emphasise.ts';
import { chooseFill, type FillChoice } from './fill-choice.ts';
import { FillStage, type FilledLayers } from './fill-stage.ts';
import type { PipelineHost } from './host.ts';
import { LastValue } from './last-value.ts';
import { RunContext } from './run-context.ts';
import { sha256 } from './sha256.ts';
import type { ConvertHooks, ConvertResult, ConvertSettings, SceneHooks } from './types.ts';

/** Files as they come to a run: in memory. */
export interface RunInput {
  photo: SourceFile;
  map?: SourceFile;
}

/** What is to give the depth and to paint the hidden parts, as things stand now. */
export interface Choice {
  depth: DepthChoice;
  fill: FillChoice;
}

/**
 * The order of the stages. Keeps each stage's last result, so a new run with other settings on the
 * same photo starts where they begin to matter. No platform in here but through the host.
 */
export class Pipeline {
  readonly #host: PipelineHost;
  readonly #hashes = new WeakMap<Uint8Array, Promise<string>>();
  readonly #decoded = new LastValue<DecodedPhoto>();
  readonly #depthed = new LastValue<DepthedPhoto>();
  readonly #sharpened = new LastValue<DepthMap>();
  readonly #grown = new LastValue<GrownLayers>();
  readonly #fill = new FillStage();
  readonly #meshes = new LastValue<LayerMesh[]>();

  constructor(host: PipelineHost) {
    this.#host = host;
  }

  /** What is to do the work, as things stand now; see `chooseDepth` and `chooseFill`. */
  async choose(settings: ConvertSettings, signal: AbortSignal = new AbortController().signal): Promise<Choice> {
    const [depth, fill] = await Promise.all([chooseDepth(this.#host, settings, signal), chooseFill(this.#host, settings, signal)]);
    return { depth, fill };
  }

  /**
   * Photo to scene. `settings` must be resolved.
   * What `hooks.onEarly` gets is kept here for later runs: it is to be left as it is.
   * @param chosen what does the work, default what `choose` says.
   * @throws UnflatError, TypeError, or `hooks.signal.reason`.
   */
  async convert(input: RunInput, settings: ConvertSettings, hooks: SceneHooks = {}, chosen?: Choice): Promise<ConvertResult> {
    const run = new RunContext(hooks.signal ?? new AbortController().signal, hooks.onProgress);
    const choice = chosen ?? (await this.choose(settings, run.signal));
    // A network that is not here would be missed after all the rest.
    if (choice.fill.problem) throw choice.fill.problem;
    const files = await this.hash(input);
    const { key, depthed } = await this.#depth(files, settings, run, choice.depth);
    const { photo, detail } = depthed;
    const exact = settings.lens !== undefined;
    const sharpKey = `${key} ${settings.smoothing}`;
    const sharp = await this.#sharpened.get(sharpKey, () =>
      run.stage('sharpen', () => sharpen(depthed.depth, photo, { smoothing: settings.smoothing, exact })),
    );
    // Behind sharpening, which knows a map's noise as it is; before tearing, which goes by the parallax that there will be.
    const depth = exact ? sharp : emphasise(sharp, settings.emphasis);
    const own = lensOf(photo, settings.lens, depthed.lens);
    const { lens, eyebox, movement } = strengthened(own, settings.eyebox ?? eyeboxFor(own), exact ? 1 : settings.depthStrength);
    const grownKey = `${sharpKey} ${JSON.stringify([lens, eyebox, exact ? 0 : settings.emphasis])}`;
    const grown = await this.#grown.get(grownKey, async () => {
      const joins = await run.stage('tear', () => tear(depth, photo, { lens, eyebox }));
      return run.stage('grow', () => grow(photo, depth, joins, { lens, eyebox }));
    });
    // Triangles know no colours, and painting changes nothing else: with them, what is painted in haste can be looked at meanwhile.
    const meshes = await this.#meshes.get(grownKey, () => run.stage('mesh', () => mesh(grown.layers, { lens, eyebox })));
    const { width, height, originalWidth, originalHeight } = photo;
    const warnings = [...depthed.warnings];
    const resultOf = ({ layers, report: fill }: FilledLayers): ConvertResult => ({
      scene: { name: stem(input.photo.name), width, height, lens, eyebox, ...(movement !== 1 && { movement }), depth, layers, meshes, ...(detail && { detail }) },
      report: {
        timesMs: { ...run.timesMs },
        depthSource: depthed.depthSource,
        ...(depthed.depthModel && { depthModel: depthed.depthModel }),
        inpainter: fill.plugin,
        fill,
        originalWidth,
        originalHeight,
        width,
        height,
        layers: layers.length,
        triangles: meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
        warnings: [...warnings],
        stored: false,
      },
    });
    const { onEarly } = hooks;
    return resultOf(await this.#fill.fill(this.#host, grown, grownKey, choice.fill, settings, run, warnings, onEarly && ((based) => onEarly(resultOf(based)))));
  }

  /** The sharpened depth at most `sizePx` pixels long, quickly. */
  async previewDepth(input: RunInput, settings: ConvertSettings, sizePx: number, hooks: ConvertHooks = {}): Promise<DepthMap> {
    const run = new RunContext(hooks.signal ?? new AbortController().signal, hooks.onProgress);
    const { depthed } = await this.#depth(await this.hash(input), settings, run);
    const exact = settings.lens !== undefined;
    const small = shrink(depthed.photo, sizePx);
    return run.stage('sharpen', () => {
      const depth = sharpen(depthed.depth, small, { smoothing: settings.smoothing, exact });
      return exact ? depth : emphasise(depth, settings.emphasis);
    });
  }

  /** The files with their hashes; each is hashed once. */
  async hash({ photo, map }: RunInput): Promise<SourceFiles> {
    const hashOf = (bytes: Uint8Array): Promise<string> => {
      const known = this.#hashes.get(bytes) ?? sha256(bytes);
      this.#hashes.set(bytes, known);
      return known;
    };
    const [photoHash, mapHash] = await Promise.all([hashOf(photo.bytes), map ? hashOf(map.bytes) : '']);
    return { photo, ...(map && { map }), photoHash, mapHash };
  }

  async #depth(files: SourceFiles, settings: ConvertSettings, run: RunContext, chosen?: DepthChoice): Promise<{ key: string; depthed: DepthedPhoto }> {
    const { longerSidePx, detailPx, depthSource, depthOptions, lens } = settings;
    const choice = chosen ?? (await chooseDepth(this.#host, settings, run.signal));
    const photoKey = JSON.stringify([files.photoHash, files.photo.name, longerSidePx, detailPx]);
    const key = `${photoKey} ${JSON.stringify([files.mapHash, files.map?.name, depthSource, depthOptions, lens !== undefined, choice.key])}`;
    const depthed = await this.#depthed.get(key, async () => {
      const decoded = await this.#decoded.get(photoKey, () =>
        run.stage('decode', () =>
          this.#host.decodePhoto(files.photo, { longerSidePx, detailPx, hash: files.photoHash, signal: run.signal, onProgress: (fraction) => run.progress('decode', fraction) }),
        ),
        run.signal,
      );
      return run.stage('depth', () => depthStage(this.#host, files, decoded, settings, choice, run));
    }, run.signal);
    return { key, depthed };
  }
}

/** File name without its extension. */
export function stem(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '');
}

function shrink(photo: Photo, longerSide: number): Raster {
  const { width, height } = fitInto(photo.width, photo.height, longerSide);
  const scaler = new AreaScaler(photo, width, height);
  scaler.push(photo.rgba);
  return scaler.result;
}
