/**
 * `<unflat-photo>` in JSX, for React (18.2 and later) and Preact; where one of them is not installed, its part is passed over.
 * For others the types are `UnflatPhotoAttributes` and `UnflatPhotoListeners`.
 */
import type { UnflatPhoto, UnflatPhotoEventMap } from './unflat-photo.js';

/** What the tag takes in JSX besides what every HTML element does. */
export type UnflatPhotoAttributes = Partial<
  Pick<
    UnflatPhoto,
    | 'src'
    | 'depth'
    | 'model'
    | 'network'
    | 'heic'
    | 'alt'
    | 'poster'
    | 'fit'
    | 'motion'
    | 'strength'
    | 'loading'
    | 'cache'
    | 'renderer'
    | 'photo'
    | 'map'
    | 'plugins'
    | 'settings'
    | 'scene'
  >
>;

/** Listeners in JSX, written as React and Preact pass them on to custom elements: `onload`, `onaspect-change`. */
export type UnflatPhotoListeners = { [Name in keyof UnflatPhotoEventMap as `on${Name}`]?: (event: UnflatPhotoEventMap[Name]) => void };

// @ts-ignore: React is not installed everywhere.
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      // React's names are found where its types are part of the program.
      // prettier-ignore
      // @ts-ignore: as above.
      // oxlint-disable-next-line typescript/no-redundant-type-constituents
      'unflat-photo': DetailedHTMLProps<HTMLAttributes<UnflatPhoto>, UnflatPhoto> & UnflatPhotoAttributes & UnflatPhotoListeners & { class?: string };
    }
  }
}

// @ts-ignore: Preact is not installed everywhere.
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      // On one line, as the directive holds for one line.
      // prettier-ignore
      // @ts-ignore: as above.
      'unflat-photo': UnflatPhotoAttributes & UnflatPhotoListeners & Omit<HTMLAttributes<UnflatPhoto>, keyof UnflatPhotoAttributes | keyof UnflatPhotoListeners>;
    }
  }
}
