import { defineDepthNetwork } from 'unflat/plugin';

export default defineDepthNetwork({ id: 'depth-midas', label: 'MiDaS and similar' });
