export { defineDepthNetwork, type DepthNetwork } from './define-depth-network.ts';
