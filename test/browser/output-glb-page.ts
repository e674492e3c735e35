/** Runs in the browser, for output-glb.test.ts. */
import { Color, MeshBasicMaterial, Scene as ThreeScene, Vector3, WebGLRenderer, type Mesh, type PerspectiveCamera } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import output from '../../plugins/output-glb/index.ts';
import type { OptionValues, Raster } from '../../src/plugin-api/index.ts';
import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../../src/core/index.ts';
import { syntheticScene, type SceneRecipe } from './viewer-scene.ts';

export interface Seen {
  suffix: string;
  type: string;
  base64: string;
  /** Mean difference from the photo's layer, of 255, over all pixels but the outermost three. */
  difference: number;
  /** Parts of the picture's middle, from the photo's camera and from 20° left and right of it, where the file has nothing. */
  holes: number[];
  unlit: boolean;
  textures: [number, number][];
}

/** Writes a scene, opens the file with three.js and looks through the photo's camera. */
async function open(recipe: SceneRecipe, options: OptionValues, frontAlone = false): Promise<Seen> {
  const scene = syntheticScene(recipe);
  if (frontAlone) scene.layers = [torn(scene.layers[0]!)];
  const file = await output.write(
    {
      product: 'photo3d',
      scene,
      options,
      frames: () => {
        throw new Error('no frames needed');
      },
    },
    {
      signal: new AbortController().signal,
      progress: () => undefined,
      warn: () => undefined,
      note: () => undefined,
      howToSet: () => '',
      decodeImage: () => Promise.reject(new Error('not needed')),
      infer: () => Promise.reject(new Error('not needed')),
      estimateDepth: () => Promise.resolve(undefined),
    },
  );
  const bytes = new Uint8Array(await file.blob.arrayBuffer());
  const gltf = await new GLTFLoader().parseAsync(bytes.buffer, '');
  const renderer = new WebGLRenderer({ preserveDrawingBuffer: true });
  renderer.setSize(scene.width, scene.height);
  const world = new ThreeScene();
  world.background = new Color('#f0f');
  world.add(gltf.scene);
  const camera = gltf.cameras[0] as PerspectiveCamera;
  camera.far = 1000;
  camera.updateProjectionMatrix();
  renderer.render(world, camera);
  const seen = pixelsOf(renderer.domElement, scene.width, scene.height);
  const centre = new Vector3();
  const distance = options['relief'] === 'full' ? 1.5 : camera.getWorldPosition(new Vector3()).z;
  if (options['relief'] === 'full') centre.z = -distance;
  const holes = [0, -20, 20].map((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    camera.position.set(Math.sin(angle) * distance, 0, Math.cos(angle) * distance).add(centre);
    camera.parent!.updateWorldMatrix(true, false);
    camera.parent!.worldToLocal(camera.position);
    camera.lookAt(centre);
    renderer.render(world, camera);
    return emptyPart(pixelsOf(renderer.domElement, scene.width, scene.height), scene.width);
  });
  const meshes: Mesh[] = [];
  gltf.scene.traverse((node) => void ('isMesh' in node && meshes.push(node as Mesh)));
  const materials = meshes.map((mesh) => mesh.material as MeshBasicMaterial);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  renderer.dispose();
  return {
    suffix: file.suffix,
    type: file.blob.type,
    base64: btoa(binary),
    difference: differenceFrom(scene.layers[0]!, scene.width, seen),
    holes,
    unlit: materials.every((material) => material instanceof MeshBasicMaterial),
    textures: materials.map(({ map }) => [(map!.image as ImageBitmap).width, (map!.image as ImageBitmap).height]),
  };
}

function pixelsOf(canvas: HTMLCanvasElement, width: number, height: number): Uint8ClampedArray {
  const pen = new OffscreenCanvas(width, height).getContext('2d')!;
  pen.drawImage(canvas, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height).data;
}

/** The layer cut along the disc. */
function torn(layer: Layer): Layer {
  const { width, disparity } = layer;
  const isNear = (i: number): boolean => disparity[i]! > 0.5;
  return {
    ...layer,
    joins: Uint8Array.from(
      disparity,
      (_, i) => (isNear(i) === isNear(i + 1) ? JOINED_RIGHT : 0) | (isNear(i) === isNear(i + width) ? JOINED_DOWN : 0),
    ),
  };
}

/** Part of the middle half of the picture that has the background's colour. */
function emptyPart(seen: Uint8ClampedArray, width: number): number {
  const height = seen.length / 4 / width;
  let empty = 0;
  for (let y = height >> 2; y < (3 * height) >> 2; y++) {
    for (let x = width >> 2; x < (3 * width) >> 2; x++) {
      const [red, green, blue] = seen.subarray(4 * (y * width + x));
      if (red === 255 && green === 0 && blue === 255) empty++;
    }
  }
  return empty / ((width * height) / 4);
}

function differenceFrom(layer: Raster & { margin: number }, width: number, seen: Uint8ClampedArray): number {
  const height = seen.length / 4 / width;
  let sum = 0;
  let count = 0;
  for (let y = 3; y < height - 3; y++) {
    for (let x = 3; x < width - 3; x++) {
      for (let c = 0; c < 3; c++, count++) {
        sum += Math.abs(seen[4 * (y * width + x) + c]! - layer.rgba[4 * ((y + layer.margin) * layer.width + x + layer.margin) + c]!);
      }
    }
  }
  return sum / count;
}

Object.assign(globalThis, { openGlb: open });

declare global {
  var openGlb: typeof open;
}
