/** A Babylon scene of somebody else, with a 3D photo among its meshes. */
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { ImportMeshAsync, LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Scene } from '@babylonjs/core/scene.js';
import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_unlit.js';
import { registerUnflat } from '../../src/babylon/index.ts';

registerUnflat();

let scene: Scene;
let engine: Engine;
let container: AssetContainer | undefined;

const tests = {
  /** A scene whose camera is the photo's: at the origin, looking into the picture. */
  start(width: number, height: number, verticalFov: number, isRightHanded: boolean): void {
    document.querySelector('canvas')?.remove();
    engine?.dispose();
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    document.body.append(canvas);
    engine = new Engine(canvas, false, { preserveDrawingBuffer: true });
    engine.setSize(width, height);
    scene = new Scene(engine);
    scene.useRightHandedSystem = isRightHanded;
    scene.clearColor = new Color4(0, 0, 0, 1);
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    camera.setTarget(new Vector3(0, 0, -1));
    camera.fov = verticalFov;
    camera.minZ = 0.01;
    camera.maxZ = 200;
  },
  counts: () => ({
    meshes: scene.meshes.length,
    nodes: scene.transformNodes.length,
    materials: scene.materials.length,
    textures: scene.textures.length,
    geometries: scene.geometries.length,
    observers: scene.onBeforeRenderObservable.observers.length + scene.onDisposeObservable.observers.length,
  }),
  /** @returns the classes and names of what was imported. */
  async importPhoto(base64: string, asContainer = false): Promise<{ meshes: string[]; nodes: string[]; cameras: number }> {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const before = scene.activeCamera;
    const load = asContainer ? LoadAssetContainerAsync : ImportMeshAsync;
    const found = await load(bytes, scene, { pluginExtension: '.glb' });
    if ('addAllToScene' in found) {
      found.addAllToScene();
      container = found;
    }
    scene.activeCamera = before;
    return {
      meshes: found.meshes.map(({ name }) => name),
      nodes: found.transformNodes.map(({ name }) => name),
      cameras: scene.cameras.length,
    };
  },
  /** As a program loads it that does not know our extension, seen through the file's own camera. */
  async importPlain(base64: string): Promise<string[]> {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const extensionOptions = { UNFLAT_layered_photo: { enabled: false } };
    const { meshes } = await ImportMeshAsync(bytes, scene, { pluginExtension: '.glb', pluginOptions: { gltf: { extensionOptions } } });
    scene.activeCamera = scene.cameras.at(-1)!;
    return meshes.map(({ name }) => name);
  },
  /** An unlit box; distances are from the camera, into the picture. */
  box(x: number, y: number, distance: number, size: number, rgb: [number, number, number]): void {
    const box = CreateBox('box', { size }, scene);
    box.position.set(scene.useRightHandedSystem ? x : -x, y, -distance);
    const material = new StandardMaterial('box', scene);
    material.disableLighting = true;
    material.emissiveColor = new Color3(...rgb);
    box.material = material;
  },
  /** Sees what was imported through its own camera. */
  useOwnCamera(): void {
    scene.activeCamera = scene.getCameraByName('Photo');
  },
  eyebox: () => (scene.getTransformNodeByName('photo')!.metadata as { eyebox: { x: number } }).eyebox,
  move(x: number): void {
    (scene.activeCamera as FreeCamera).position.x = scene.useRightHandedSystem ? x : -x;
  },
  removeAll(): void {
    container?.dispose();
    container = undefined;
    for (const mesh of [...scene.meshes]) if (!mesh.parent && mesh.name === '__root__') mesh.dispose();
  },
  async draw(): Promise<string> {
    await scene.whenReadyAsync();
    scene.render();
    scene.render();
    const { width, height } = engine.getRenderingCanvas()!;
    const pixels = (await engine.readPixels(0, 0, width, height)) as Uint8Array;
    const flipped = new Uint8Array(pixels.length);
    for (let y = 0; y < height; y++) flipped.set(pixels.subarray(4 * width * (height - 1 - y), 4 * width * (height - y)), 4 * width * y);
    return btoa(Array.from(flipped, (byte) => String.fromCharCode(byte)).join(''));
  },
};

declare global {
  var babylonTests: typeof tests;
}
globalThis.babylonTests = tests;
