import type { ModelRow } from 'unflat/plugin';

/** The model lies in the manifest (base64); the host takes its size and hash from there. */
export const rows: ModelRow[] = [
  {
    id: 'depth-warmth-tiny',
    label: 'Warm is near',
    kind: 'depth',
    plugin: 'depth-warmth',
    files: [{ path: 'warmth.onnx', sizeBytes: null, sha256: null }],
    licence: 'MIT',
    about: 'Warm colours are near, cool ones far, as painters have it.',
    quality: 1,
    speed: 5,
    providers: ['wasm'],
    verified: 'weights',
    input: {
      name: 'photo',
      type: 'float32',
      shape: [1, 3, 'height', 'width'],
      channels: 'rgb',
      size: { rule: 'long-side', px: 256, multipleOf: 8 },
      resampling: 'area',
      range: [0, 1],
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    output: { name: 'warmth', meaning: 'disparity' },
  },
];
