import { defineDepthModel } from 'unflat/plugin';

export default defineDepthModel({ id: 'depth-anything', label: 'Depth Anything' });
