import { defineDepthModel } from 'unflat/plugin';

export default defineDepthModel({ id: 'depth-own', label: 'My own model' });
