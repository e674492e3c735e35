import { defineDepthNetwork } from 'unflat/plugin';

export default defineDepthNetwork({ id: 'depth-own', label: 'My own model' });
