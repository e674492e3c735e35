import { UnflatPhoto } from './unflat-photo.ts';

// Two copies of the bundle on one page must not quarrel.
if (!customElements.get('unflat-photo')) customElements.define('unflat-photo', UnflatPhoto);

export { UnflatPhoto, type LoadDetail, type UnflatPhotoEventMap } from './unflat-photo.ts';
