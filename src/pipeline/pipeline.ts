import {
  DEPTH_STAGES,
  runPasses,
  sha256,
  throwIfAborted,
  type DepthMap,
  type Photo,
  type Raster,
  type Scene,
  type SourceFile,
} from '../core/index.ts';
import { grow, mesh, sharpen, tear, type SettledDepth } from '../layers/index.ts';
import { AreaScaler, fitInto, type DecodedPhoto } from '../decode/index.ts';
import { eyeboxFor, defaultLens, strengthened } from './default-lens.ts';
import { chooseDepth, type DepthChoice } from './depth-choice.ts';
import { DepthEstimates } from './depth-estimates.ts';
import { depthStage, type DepthedPhoto, type SourceFiles } from './depth-stage.ts';
import { emphasise } from './emphasise.ts';
import { chooseFill, type FillChoice } from './fill-choice.ts';
import { FillStage, type FilledLayers } from './fill-stage.ts';
import { makingsOf, type DepthStory, type Earlier, type UnfilledScene } from './earlier.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { LastValue } from './last-value.ts';
import { originOf } from './origin-of.ts';
import { depthKey, layersKey } from './result-key.ts';
import { RunContext } from './run-context.ts';
import type { ConvertHooks, ConvertResult, ConvertSettings, DepthReport, PhotoDepth, SceneHooks, Told } from './types.ts';
import type { Makings } from '../store/index.ts';

/** Files as they come to a run: in memory. */
export interface RunInput {
  photo: SourceFile;
  map?: SourceFile;
}

/** What is to give the depth and to inpaint the hidden parts, as things stand now. */
export interface Choice {
  depth: DepthChoice;
  fill: FillChoice;
}

/** A result with what to keep beside it. */
export interface Painted extends ConvertResult {
  makings: Makings;
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
  readonly #sharpened = new LastValue<SettledDepth>();
  readonly #hearts = new LastValue<UnfilledScene>();
  readonly #fill = new FillStage();
  readonly #estimates = new DepthEstimates();

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
   * @param earlier what earlier visits made. Default nothing.
   * @returns besides, what to keep beside the result for visits to come.
   * @throws UnflatError, TypeError, or `hooks.signal.reason`.
   */
  async convert(input: RunInput, settings: ConvertSettings, hooks: SceneHooks = {}, chosen?: Choice, earlier?: Earlier): Promise<Painted> {
    const run = new RunContext(hooks.signal ?? new AbortController().signal, hooks.onProgress, this.#estimates);
    const choice = chosen ?? (await this.choose(settings, run.signal));
    // A model that is not here would be missed after all the rest.
    if (choice.fill.problem) throw choice.fill.problem;
    const files = await this.hash(input);
    const key = await layersKey(files, settings, choice.depth);
    const heart = await this.#hearts.get(
      key,
      async () => (await this.#found(key, run, earlier)) ?? this.#made(files, settings, run, choice.depth, earlier),
      run.signal,
    );
    const { scene, story, original } = heart;
    const told: Told = { warnings: [...story.warnings], notes: [...story.notes] };
    const resultOf = ({ layers, report: fill }: FilledLayers): ConvertResult => ({
      scene: { name: stem(input.photo.name), ...scene, layers, origin: originOf(files.photoHash, settings, story, original, fill) },
      report: {
        ...depthReport(run, { ...story, ...told }, original, scene),
        inpainter: fill.plugin,
        fill,
        layers: layers.length,
        triangles: scene.meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
        stored: false,
      },
    });
    const { onEarly } = hooks;
    const filled = await this.#fill.fill(
      this.#host,
      heart,
      key,
      choice.fill,
      settings,
      run,
      told,
      onEarly && ((based) => onEarly(resultOf(based))),
    );
    return {
      ...resultOf(filled),
      makings: makingsOf(heart, { photoHash: files.photoHash, layersKey: key, depthKey: await depthKey(files, settings, choice.depth) }),
    };
  }

  /**
   * Photo to depth map, without what only a 3D picture needs. The scene has no layers and no meshes; it is kept here for later
   * runs and is to be left as it is. `settings` must be resolved.
   * @throws UnflatError, TypeError, or `hooks.signal.reason`.
   */
  async depthOf(input: RunInput, settings: ConvertSettings, hooks: ConvertHooks = {}): Promise<PhotoDepth> {
    const run = new RunContext(hooks.signal ?? new AbortController().signal, hooks.onProgress, this.#estimates, DEPTH_STAGES);
    const choice = await chooseDepth(this.#host, settings, run.signal);
    const { story, original, scene } = await this.#settled(await this.hash(input), settings, run, choice, undefined);
    return { scene: { name: stem(input.photo.name), ...scene, layers: [], meshes: [] }, report: depthReport(run, story, original, scene) };
  }

  /** The sharpened depth at most `sizePx` pixels long, quickly. */
  async previewDepth(
    input: RunInput,
    settings: ConvertSettings,
    sizePx: number,
    hooks: ConvertHooks = {},
    earlier?: Earlier,
  ): Promise<DepthMap> {
    const run = new RunContext(hooks.signal ?? new AbortController().signal, hooks.onProgress, this.#estimates, DEPTH_STAGES);
    const choice = await chooseDepth(this.#host, settings, run.signal);
    const { depthed } = await this.#depth(await this.hash(input), settings, run, choice, earlier);
    const exact = settings.lens !== undefined;
    const small = shrink(depthed.photo, sizePx);
    return run.stage('sharpen', async () => {
      const depth = await runPasses(sharpen(depthed.depth, small, { smoothing: settings.smoothing, exact }), run.signal);
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

  /** What an earlier visit made, called by the time that reading it took. */
  async #found(key: string, run: RunContext, earlier: Earlier | undefined): Promise<UnfilledScene | undefined> {
    const start = performance.now();
    const found = await earlier?.heart(key);
    throwIfAborted(run.signal);
    if (found) run.timesMs.decode = performance.now() - start;
    return found;
  }

  /** All but the painting. */
  async #made(
    files: SourceFiles,
    settings: ConvertSettings,
    run: RunContext,
    choice: DepthChoice,
    earlier: Earlier | undefined,
  ): Promise<UnfilledScene> {
    const { photo, depth, raw, story, original, scene } = await this.#settled(files, settings, run, choice, earlier);
    const { lens, eyebox } = scene;
    const joins = await run.stage('tear', () => runPasses(tear(depth, photo, { lens, eyebox }), run.signal));
    const grown = await run.stage('grow', () => runPasses(grow(photo, depth, joins, { lens, eyebox }), run.signal));
    // Triangles know no colours, and painting changes nothing else: with them, what is inpainted in haste can be looked at meanwhile.
    const meshes = await run.stage('mesh', () => runPasses(mesh(grown.layers, { lens, eyebox }), run.signal));
    return { scene: { ...scene, meshes }, grown, ...(raw && { raw }), story, original };
  }

  /** All that needs no layers: the depth in its final form, the lens and how far the camera goes. */
  async #settled(
    files: SourceFiles,
    settings: ConvertSettings,
    run: RunContext,
    choice: DepthChoice,
    earlier: Earlier | undefined,
  ): Promise<Settled> {
    const { key, depthed } = await this.#depth(files, settings, run, choice, earlier);
    const { photo, detail, depth: raw, isCut: _, ...story } = depthed;
    const exact = settings.lens !== undefined;
    const sharp = await this.#sharpened.get(
      `${key} ${settings.smoothing}`,
      () => run.stage('sharpen', () => runPasses(sharpen(raw, photo, { smoothing: settings.smoothing, exact }), run.signal)),
      run.signal,
    );
    // Behind sharpening, which knows a map's noise as it is; before tearing, which goes by the parallax that there will be.
    const depth = exact ? sharp : emphasise(sharp, settings.emphasis);
    const own = defaultLens(photo, settings.lens, depthed.lens);
    const { lens, eyebox, movement } = strengthened(own, settings.eyebox ?? eyeboxFor(own), exact ? 1 : settings.depthStrength);
    const { width, height, originalWidth, originalHeight } = photo;
    // Without what only the layers need to know of it.
    const { disparity } = depth;
    return {
      photo,
      depth,
      ...(isWorthKeeping(depthed) && { raw }),
      story,
      original: { originalWidth, originalHeight },
      scene: {
        width,
        height,
        lens,
        eyebox,
        ...(movement !== 1 && { movement }),
        depth: { width: depth.width, height: depth.height, disparity },
        ...(detail && { detail }),
      },
    };
  }

  async #depth(
    files: SourceFiles,
    settings: ConvertSettings,
    run: RunContext,
    choice: DepthChoice,
    earlier: Earlier | undefined,
  ): Promise<{ key: string; depthed: DepthedPhoto }> {
    const { longerSidePx, detailPx } = settings;
    const own = await depthKey(files, settings, choice);
    const photoKey = JSON.stringify([files.photoHash, files.photo.name, longerSidePx, detailPx]);
    const key = `${photoKey} ${own}`;
    const depthed = await this.#depthed.get(
      key,
      async () => {
        const decoded = await this.#decoded.get(
          photoKey,
          () =>
            run.stage('decode', () =>
              this.#host.decodePhoto(files.photo, {
                longerSidePx,
                detailPx,
                hash: files.photoHash,
                signal: run.signal,
                onProgress: (fraction) => run.progress('decode', fraction),
              }),
            ),
          run.signal,
        );
        const found = await earlier?.depth(own);
        throwIfAborted(run.signal);
        return found ? { ...decoded, ...found } : run.stage('depth', () => depthStage(this.#host, files, decoded, settings, choice, run));
      },
      run.signal,
    );
    return { key, depthed };
  }
}

/** A photo whose depth is final, before anything is cut. */
interface Settled extends Pick<UnfilledScene, 'raw' | 'story' | 'original'> {
  photo: Photo;
  depth: SettledDepth;
  scene: Omit<UnfilledScene['scene'], 'meshes'>;
}

function depthReport(
  { timesMs }: RunContext,
  { depthSource, depthModel, reading, warnings, notes }: DepthStory,
  original: UnfilledScene['original'],
  { width, height }: Pick<Scene, 'width' | 'height'>,
): DepthReport {
  return {
    timesMs: { ...timesMs },
    depthSource,
    ...(depthModel && { depthModel }),
    ...(reading && { reading }),
    ...original,
    width,
    height,
    warnings: [...warnings],
    notes: [...notes],
  };
}

/** A model's depth, which belongs to the photo as it is decoded, and whose lens can be written down. */
function isWorthKeeping({ depthModel, isCut, lens = {} }: DepthedPhoto): boolean {
  return depthModel !== undefined && !isCut && Object.values(lens).every(Number.isFinite);
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
