import { defineDepthModel } from 'unflat/plugin';
import { rows } from './rows.ts';

export default defineDepthModel({ id: 'depth-warmth', label: 'Warm is near', models: rows });
