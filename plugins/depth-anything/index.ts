import { defineDepthNetwork } from 'unflat/plugin';

export default defineDepthNetwork({ id: 'depth-anything', label: 'Depth Anything' });
