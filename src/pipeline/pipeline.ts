import {
  fitInto,
  DEPTH_STAGES,
  lacksDepth,
  runPasses,
  sha256,
  throwIfAborted,
  type DepthMap,
  type Photo,
  type Raster,
  type Scene,
  type SourceFile,
  type Stage,
} from '../core/index.ts';
import { grow, mesh, sharpen, tear, type SettledDepth } from '../layers/index.ts';
import { AreaScaler, type DecodedPhoto } from '../decode/index.ts';
import { eyeboxFor, defaultLens, strengthened } from './default-lens.ts';
import { chooseDepth } from './choose-depth.ts';
import { chooseInpaint } from './choose-inpaint.ts';
import { DepthEstimates } from './depth-estimates.ts';
import { depthStage, hasDepth, type DepthedPhoto, type SourceFiles } from './depth-stage.ts';
import { emphasise } from './emphasise.ts';
import { InpaintStage, type InpaintedLayers } from './inpaint-stage.ts';
import { makingsOf, type DepthStory, type Earlier, type GrownScene } from './earlier.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { LastValue } from './last-value.ts';
import { originOf } from './origin-of.ts';
import { depthBySource, type DepthChoice, type Found } from './resolve-depth.ts';
import type { InpaintChoice } from './resolve-inpaint.ts';
import { depthKey, layersKey } from './result-key.ts';
import { RunContext } from './run-context.ts';
import type { ConvertHooks, ConvertReport, ConvertResult, ConvertSettings, DepthReport, PhotoDepth, SceneHooks, Told } from './types.ts';
import type { Makings } from '../store/index.ts';

/** Files as they come to a run: in memory. */
export interface RunInput {
  photo: SourceFile;
  map?: SourceFile;
}

/** What gives the depth and fills in the hidden parts, as things stand now. */
export interface Choice {
  depth: DepthChoice;
  inpaint: InpaintChoice;
  /** The run in which it was chosen, and that goes on with it. */
  run: RunContext;
}

/** A result with what to keep beside it. */
export interface Inpainted extends ConvertResult {
  /** The report without what was told of the choice, which another time may be another one. */
  plain: ConvertReport;
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
  readonly #findings = new LastValue<Found>();
  readonly #depthed = new LastValue<DepthedPhoto>();
  readonly #sharpened = new LastValue<SettledDepth>();
  readonly #hearts = new LastValue<GrownScene>();
  readonly #inpaint = new InpaintStage();
  readonly #estimates = new DepthEstimates();

  constructor(host: PipelineHost) {
    this.#host = host;
  }

  /**
   * What does the work, as things stand now; see `resolveDepth` and `resolveInpaint`. Where only the photo's file can tell where its
   * depth comes from, it is decoded and that depth is read, to be at hand for `convert`.
   * @param isKept whether a result of that choice is at hand already, which tells as much as reading the file does. Default: none is.
   */
  async choose(
    input: RunInput,
    settings: ConvertSettings,
    hooks: ConvertHooks = {},
    isKept: (choice: Choice) => Promise<boolean> = async () => false,
  ): Promise<Choice> {
    const run = this.#begin(hooks);
    const inpaint = await chooseInpaint(this.#host, settings, run.signal);
    const files = await this.hash(input);
    const depth = await this.#chooseDepth(files, settings, run, (each) => isKept({ depth: each, inpaint, run }));
    return { depth, inpaint, run };
  }

  #begin({ signal = new AbortController().signal, onProgress }: ConvertHooks, stages?: readonly Stage[]): RunContext {
    return new RunContext(signal, onProgress, this.#estimates, stages);
  }

  #chooseDepth(
    files: SourceFiles,
    settings: ConvertSettings,
    run: RunContext,
    isKept: (choice: DepthChoice) => Promise<boolean> = async () => false,
  ): Promise<DepthChoice> {
    const find = async (source: string): Promise<Found> => {
      const choice = depthBySource(source, 'inside', 'found');
      if (await isKept(choice)) return { depth: 'read', told: { warnings: [], notes: [] } };
      const key = `${photoKey(files, settings)} ${await depthKey(files, settings, choice)}`;
      return this.#findings.get(key, () => this.#find(files, settings, run, choice), run.signal);
    };
    return chooseDepth(this.#host, settings, files, find, run.signal);
  }

  /** What a source that needs no model finds for a photo. Its depth is read, as what is announced may be lost. */
  async #find(files: SourceFiles, settings: ConvertSettings, run: RunContext, choice: DepthChoice): Promise<Found> {
    const decoded = await this.#decode(files, settings, run);
    const { isThere, told } = await run.part('depth', () => hasDepth(this.#host, files, decoded, settings, choice.source, run));
    if (!isThere) return { depth: 'none', told };
    try {
      await this.#depth(files, settings, run, choice, undefined);
      return { depth: 'read', told };
    } catch (error) {
      throwIfAborted(run.signal);
      // By the contract of plugins: there is none after all, or it is damaged.
      if (lacksDepth(error)) return { depth: 'lost', error, told };
      throw error;
    }
  }

  /**
   * Photo to scene. `settings` must be resolved.
   * What `hooks.onEarly` gets is kept here for later runs: it is to be left as it is.
   * @param chosen what does the work, default what `choose` says: then with its run, and the hooks given there.
   * @param earlier what earlier visits made. Default nothing.
   * @returns besides, what to keep beside the result for visits to come.
   * @throws UnflatError, TypeError, or `hooks.signal.reason`.
   */
  async convert(
    input: RunInput,
    settings: ConvertSettings,
    hooks: SceneHooks = {},
    chosen?: Choice,
    earlier?: Earlier,
  ): Promise<Inpainted> {
    const choice = chosen ?? (await this.choose(input, settings, hooks));
    const { run } = choice;
    const inpaint = choice.inpaint.instead ?? choice.inpaint;
    // A model that is not here would be missed after all the rest.
    if (inpaint.problem) throw inpaint.problem;
    const files = await this.hash(input);
    const key = await layersKey(files, settings, choice.depth);
    const heart = await this.#hearts.get(
      key,
      async () => (await this.#found(key, run, earlier)) ?? this.#made(files, settings, run, choice.depth, earlier),
      run.signal,
    );
    const { scene, story, original } = heart;
    const told: Told = { warnings: [...story.warnings], notes: [...story.notes] };
    const resultOf = ({ layers, report: inpainted }: InpaintedLayers): ConvertResult & { plain: ConvertReport } => {
      const plain: ConvertReport = {
        ...depthReport(run, { ...story, ...told }, choice.depth, original, scene),
        inpainter: inpainted.plugin,
        inpaintChoice: decisionOf(inpaint),
        inpaint: inpainted,
        // oxlint-disable-next-line typescript/no-deprecated -- the old key is kept for a version.
        fill: inpainted,
        layers: layers.length,
        triangles: scene.meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
        stored: false,
      };
      const report = withChoice(plain, { depth: choice.depth, inpaint });
      return {
        scene: { name: stem(input.photo.name), ...scene, layers, origin: originOf(files.photoHash, settings, story, original, inpainted) },
        report,
        plain,
      };
    };
    const { onEarly } = hooks;
    const inpainted = await this.#inpaint.inpaint(
      this.#host,
      heart,
      key,
      inpaint,
      settings,
      run,
      told,
      onEarly &&
        ((based) => {
          const { plain: _, ...early } = resultOf(based);
          onEarly(early);
        }),
    );
    return {
      ...resultOf(inpainted),
      makings: makingsOf(heart, { photoHash: files.photoHash, layersKey: key, depthKey: await depthKey(files, settings, choice.depth) }),
    };
  }

  /**
   * Photo to depth map, without what only a 3D picture needs. The scene has no layers and no meshes; it is kept here for later
   * runs and is to be left as it is. `settings` must be resolved.
   * @throws UnflatError, TypeError, or `hooks.signal.reason`.
   */
  async depthOf(input: RunInput, settings: ConvertSettings, hooks: ConvertHooks = {}): Promise<PhotoDepth> {
    const run = this.#begin(hooks, DEPTH_STAGES);
    const files = await this.hash(input);
    const depth = await this.#chooseDepth(files, settings, run);
    const { story, original, scene } = await this.#settled(files, settings, run, depth, undefined);
    const report = withChoice(depthReport(run, story, depth, original, scene), { depth });
    return { scene: { name: stem(input.photo.name), ...scene, layers: [], meshes: [] }, report };
  }

  /** The sharpened depth at most `sizePx` pixels long, quickly. */
  async previewDepth(
    input: RunInput,
    settings: ConvertSettings,
    sizePx: number,
    hooks: ConvertHooks = {},
    earlier?: Earlier,
  ): Promise<DepthMap> {
    const run = this.#begin(hooks, DEPTH_STAGES);
    const files = await this.hash(input);
    const choice = await this.#chooseDepth(files, settings, run);
    const { depthed } = await this.#depth(files, settings, run, choice, earlier);
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
  async #found(key: string, run: RunContext, earlier: Earlier | undefined): Promise<GrownScene | undefined> {
    const start = performance.now();
    const found = await earlier?.heart(key);
    throwIfAborted(run.signal);
    if (found) run.timesMs.decode = performance.now() - start;
    return found;
  }

  /** All but the inpainting. */
  async #made(
    files: SourceFiles,
    settings: ConvertSettings,
    run: RunContext,
    choice: DepthChoice,
    earlier: Earlier | undefined,
  ): Promise<GrownScene> {
    const { photo, depth, raw, story, original, scene } = await this.#settled(files, settings, run, choice, earlier);
    const { lens, eyebox } = scene;
    const joins = await run.stage('tear', () => runPasses(tear(depth, photo, { lens, eyebox }), run.signal));
    const grown = await run.stage('grow', () => runPasses(grow(photo, depth, joins, { lens, eyebox }), run.signal));
    // Triangles know no colours, and inpainting changes nothing else: with them, what is inpainted in haste can be looked at meanwhile.
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
    const own = await depthKey(files, settings, choice);
    const key = `${photoKey(files, settings)} ${own}`;
    const depthed = await this.#depthed.get(
      key,
      async () => {
        const decoded = await this.#decode(files, settings, run);
        const found = await earlier?.depth(own);
        throwIfAborted(run.signal);
        return found ? { ...decoded, ...found } : run.stage('depth', () => depthStage(this.#host, files, decoded, settings, choice, run));
      },
      run.signal,
    );
    return { key, depthed };
  }

  #decode(files: SourceFiles, settings: ConvertSettings, run: RunContext): Promise<DecodedPhoto> {
    const { longerSidePx, detailPx } = settings;
    const decode = (): Promise<DecodedPhoto> =>
      this.#host.decodePhoto(files.photo, {
        longerSidePx,
        detailPx,
        hash: files.photoHash,
        signal: run.signal,
        onProgress: (fraction) => run.progress('decode', fraction),
      });
    return this.#decoded.get(photoKey(files, settings), () => run.stage('decode', decode), run.signal);
  }
}

function photoKey({ photo, photoHash }: SourceFiles, { longerSidePx, detailPx }: ConvertSettings): string {
  return JSON.stringify([photoHash, photo.name, longerSidePx, detailPx]);
}

/** A photo whose depth is final, before anything is cut. */
interface Settled extends Pick<GrownScene, 'raw' | 'story' | 'original'> {
  photo: Photo;
  depth: SettledDepth;
  scene: Omit<GrownScene['scene'], 'meshes'>;
}

function depthReport(
  { timesMs }: RunContext,
  { depthSource, depthModel, reading, warnings, notes }: DepthStory,
  choice: DepthChoice,
  original: GrownScene['original'],
  { width, height }: Pick<Scene, 'width' | 'height'>,
): DepthReport {
  return {
    timesMs: { ...timesMs },
    depthSource,
    depthChoice: { from: choice.from, ...decisionOf(choice) },
    ...(depthModel && { depthModel }),
    ...(reading && { reading }),
    ...original,
    width,
    height,
    warnings: [...warnings],
    notes: [...notes],
  };
}

function decisionOf<W>({ why, id }: { why: W; id: string }): { why: W; id: string } {
  return { why, id };
}

/** A report, kept or new, with what people should know of the choice that led to it. */
export function withChoice<R extends DepthReport>(report: R, { depth, inpaint }: { depth: DepthChoice; inpaint?: InpaintChoice }): R {
  const told = [depth.told, ...(inpaint ? [inpaint.told] : [])];
  return {
    ...report,
    depthChoice: { from: depth.from, ...decisionOf(depth) },
    ...(inpaint && { inpaintChoice: decisionOf(inpaint) }),
    warnings: [...new Set([...told.flatMap(({ warnings }) => warnings), ...report.warnings])],
    notes: [...new Set([...told.flatMap(({ notes }) => notes), ...report.notes])],
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
