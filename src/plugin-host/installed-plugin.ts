import type { PluginManifest } from '../plugin-api/index.ts';
import type { PluginDescription } from './check-description.ts';

/** A plugin on this device. */
export interface InstalledPlugin extends PluginDescription {
  /** Its file, as it came. */
  text: string;
  /** SHA-256 of the file. */
  sha256: string;
  /** Where it came from: an address, or the name of a file. */
  from: string;
  isEnabled: boolean;
}

/** One thing that a manifest asks for. */
export interface PluginWish {
  kind: 'sight' | 'host' | 'model';
  /** `photo`, `tiles.example.org`, `mine.onnx`. */
  name: string;
}

/** A plugin's file that was looked at, and of which no code ran yet. */
export interface PluginOffer {
  manifest: PluginManifest;
  text: string;
  sha256: string;
  from: string;
  /** The plugin of that id that is here already. */
  installed: InstalledPlugin | undefined;
  /** What this file may do and the installed one may not, and models that are other files. */
  gains: PluginWish[];
  /** What the installed one may do and this file may not. */
  losses: PluginWish[];
}
