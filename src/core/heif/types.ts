/** How the colours of an image are to be read. */
export type HeifColour =
  | {
      /** An ICC profile. */
      kind: 'icc';
      /** The profile’s bytes. */
      profile: Uint8Array;
    }
  | {
      /** Numbers of ISO 23091-2 (CICP). */
      kind: 'nclx';
      /** Primary colours: 1 = BT.709 and sRGB, 12 = Display P3, 9 = BT.2020. */
      primaries: number;
      /** Transfer function: 13 = sRGB, 16 = PQ, 18 = HLG. */
      transfer: number;
    };

/** One item of a HEIF file: an image, a tile, EXIF, XMP. */
export interface HeifItem {
  /** Number of the item, unique in its file. */
  id: number;
  /** Four letters: `hvc1`, `av01` and `grid` are images; `Exif` and `mime` are metadata. */
  type: string;
  /** MIME type of a `mime` item. */
  contentType?: string;
  /** Width in pixels as stored, before the image is turned. */
  width?: number;
  /** Height in pixels as stored. */
  height?: number;
  /** How its own properties turn and mirror it, as an EXIF orientation 1..8; decoders apply it. */
  orientation: number;
  /** Bits of one channel. */
  bitsPerChannel?: number;
  /** Colour space; absent where the item does not say it. */
  colour?: HeifColour;
  /** What an auxiliary image is, as a URN. */
  auxiliaryType?: string;
  /** What stands behind the type: messages of the codec that say more. */
  auxiliaryData?: Uint8Array;
}

/** What a HEIF file (ISO 23008-12: HEIC, AVIF) says of its items, nothing decoded. */
export interface HeifFile {
  /** Id of the image that the file is opened for. */
  primary: number;
  /** All items by id. */
  items: ReadonlyMap<number, HeifItem>;
  /** References between items. `auxl`: auxiliary image to its master; `dimg`: a grid to its tiles; `cdsc`: metadata to its image; `thmb`. */
  references: readonly {
    /** Four letters that say what the reference means. */
    type: string;
    /** Id of the item that refers. */
    from: number;
    /** Ids of the items that are referred to. */
    to: readonly number[];
  }[];
  /** Ids of left and right eye. */
  stereoPairs: readonly (readonly [left: number, right: number])[];
  /** Where parts of the file lie, for `heifItemBytes` and `withHeifPrimary`. */
  places: HeifPlaces;
}

/** Offsets in the file, in bytes. */
export interface HeifPlaces {
  /** The primary item's id: 2 bytes, or 4 where it is wide. */
  primary: { at: number; isWide: boolean };
  /** By item id: the byte whose lowest bit hides the item. */
  hiddenBits: ReadonlyMap<number, number>;
  /** Types of reference boxes, with the item that each is from. */
  references: readonly { at: number; type: string; from: number }[];
  /** By item id: types of its colour boxes that may be ignored. */
  colours: ReadonlyMap<number, readonly number[]>;
  /** Where the numbers of each `nclx` colour box begin: primaries and transfer, 2 bytes each. */
  nclx: readonly number[];
  /** By item id: the pieces of its content. Method 0: offsets in the file; 1: in `idat`. */
  contents: ReadonlyMap<number, { method: number; extents: readonly { offset: number; length: number }[] }>;
  /** Content of `idat`. */
  idat?: { start: number; end: number };
}
