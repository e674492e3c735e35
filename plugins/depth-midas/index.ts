import { defineDepthModel } from 'unflat/plugin';

export default defineDepthModel({ id: 'depth-midas', label: 'MiDaS and similar' });
