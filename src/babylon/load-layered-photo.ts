import type { GLTFLoader } from '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import type { IGLTFLoaderExtension } from '@babylonjs/loaders/glTF/2.0/glTFLoaderExtension.js';
import type { INode, IScene } from '@babylonjs/loaders/glTF/2.0/glTFLoaderInterfaces.js';
import { EXTENSION, decodeTexture, readScene } from '../scene-file/index.ts';
import { layeredPhoto } from './layered-photo.ts';

/** Puts the layered photo of a file into the scene, in place of the meshes that programs without the extension show. */
export class LoadLayeredPhoto implements IGLTFLoaderExtension {
  readonly name = EXTENSION;
  enabled: boolean;
  readonly #loader: GLTFLoader;

  constructor(loader: GLTFLoader) {
    this.#loader = loader;
    // Its shaders are WebGL2's: elsewhere the plain meshes are shown.
    const engine = loader.babylonScene.getEngine();
    this.enabled = loader.isExtensionUsed(EXTENSION) && !engine.isWebGPU && engine.version >= 2 && engine.name !== 'NullEngine';
  }

  dispose(): void {
    this.enabled = false;
  }

  /** @internal */
  loadSceneAsync(_context: string, scene: IScene): Promise<void> | null {
    const { bin, gltf } = this.#loader;
    return bin && gltf.extensions?.[EXTENSION] !== undefined ? this.#load(scene) : null;
  }

  async #load({ nodes }: IScene): Promise<void> {
    const loader = this.#loader;
    const { gltf, bin, babylonScene } = loader;
    const photo = await readScene({ name: 'photo.glb', bytes: await glbOf(loader) }, decodeTexture);
    if (!bin || babylonScene.isDisposed) return;
    const all = gltf.nodes ?? [];
    // The photo's camera; the nodes with meshes stay unloaded.
    const cameras = nodes.map((index) => all[index]).filter((node): node is INode => node?.camera !== undefined && node.mesh === undefined);
    await Promise.all(
      cameras.map((node) => loader.loadNodeAsync(`/nodes/${node.index}`, node, (made) => (made.parent = loader.rootBabylonMesh))),
    );
    // The plain view may have moved the origin into its middle. The layers' origin is the camera.
    for (const { _babylonTransformNode: made } of cameras) made?.position.setAll(0);
    const container = loader._assetContainer;
    babylonScene._blockEntityCollection = container !== null;
    const { node, meshes, materials, textures } = layeredPhoto({ ...photo, name: 'photo' }, babylonScene);
    babylonScene._blockEntityCollection = false;
    node.parent = loader.rootBabylonMesh;
    for (const each of [node, ...meshes, ...materials, ...textures]) each._parentContainer = container;
    // By these an asset container learns of them.
    for (const material of materials) loader.parent.onMaterialLoadedObservable.notifyObservers(material);
    for (const texture of textures) loader.parent.onTextureLoadedObservable.notifyObservers(texture);
    // What the loader answers with, it takes from the file's nodes.
    const own = all.find(({ mesh }) => mesh !== undefined);
    if (own) {
      own._babylonTransformNode = node;
      own._primitiveBabylonMeshes = meshes;
    }
  }
}

/** The file once more, as far as the photo needs it: the loader has taken it apart. */
async function glbOf({ gltf, bin }: GLTFLoader): Promise<Uint8Array<ArrayBuffer>> {
  const data = await bin!.readAsync(0, bin!.byteLength);
  const json = {
    extensions: { [EXTENSION]: gltf.extensions?.[EXTENSION] as unknown },
    bufferViews: (gltf.bufferViews ?? []).map(({ buffer, byteOffset, byteLength }) => ({ buffer, byteOffset, byteLength })),
    images: (gltf.images ?? []).map(({ bufferView, mimeType }) => ({ bufferView, mimeType })),
    textures: (gltf.textures ?? []).map(({ source }) => ({ source })),
  };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const glb = new Uint8Array(28 + text.length + data.byteLength);
  const view = new DataView(glb.buffer);
  [0x46546c67, 2, glb.length, text.length, 0x4e4f534a].forEach((value, i) => view.setUint32(4 * i, value, true));
  glb.set(text, 20);
  view.setUint32(20 + text.length, data.byteLength, true);
  view.setUint32(24 + text.length, 0x004e4942, true);
  glb.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 28 + text.length);
  return glb;
}
