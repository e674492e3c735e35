import type { Plugin } from '../index.ts';

/**
 * What a plugin may see of a person's work. `photo`: the pixels; `file`: also the photo's own file, in which the place and the camera
 * may stand, and a depth map that the person brings; `depth`: how far things are; `scene`: all layers of the 3D photo.
 */
export type PluginSight = 'photo' | 'file' | 'depth' | 'scene';

/** A model that a plugin brings with it. */
export interface PluginModelFile {
  /** Name of the file as the plugin's row of the model names it; no other file of the manifest has it. Without `url` and `base64` it lies beside the plugin's own address under that name. */
  path: string;
  /** Where it is downloaded from, https. Default: beside the plugin. */
  url?: string;
  /** The file itself in base64, at most 16,000 characters, instead of an address. */
  base64?: string;
  /** Size of the file in bytes. */
  sizeBytes: number;
  /** SHA-256 of the file, 64 lower-case hexadecimal digits. */
  sha256: string;
}

/** What a plugin's file says of it before any of its code runs. */
export interface PluginManifest {
  /** Lower-case words joined by hyphens, the first of which is the kind: the id of the plugin in the same file. */
  id: string;
  /** Version of the plugin, as `1.2.3`. */
  version: string;
  /** Which of the three kinds the plugin is. */
  kind: Plugin['kind'];
  /** Short name for people, 1 to 60 characters, each of which shows; none that looks like a name of Unflat’s. */
  label: string;
  /** One sentence for people: what it is good for. Default: none. */
  about?: string;
  /** Who wrote it, 1 to 100 characters. */
  author: string;
  /** Name of the plugin's licence, as `MIT`. */
  licence: string;
  /** Version of the plugin contract that it was written for. */
  apiVersion: number;
  /** Names of the hosts of the internet that it wants to reach by `context.reach`, as `tiles.example.org`; no addresses in figures, no names of local networks. `[]` = none. */
  hosts: readonly string[];
  /** Models that it brings with it; `[]` = none. */
  models: readonly PluginModelFile[];
  /** What it has to see: `photo` for a depth source (and `file` if it reads it), `photo` and `depth` for an inpainter, `depth` or `scene` for an output. */
  sees: readonly PluginSight[];
}
