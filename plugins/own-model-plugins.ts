/** Ids of the plugins that run a person's own model, by what it gives: a depth map, points with a mask of the sky, or colours for holes. */
export const OWN_MODEL_PLUGINS = { depth: 'depth-own', points: 'depth-moge', inpaint: 'inpaint-onnx' } as const;
