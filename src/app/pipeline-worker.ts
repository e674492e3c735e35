/** The pipeline's worker for the app and the command line: it knows every plugin of this repository. */
import { plugins } from '../../plugins/index.ts';
import { connectPlugins, type SandboxLink } from '../plugin-host/index.ts';
import { browserHost, servePipeline } from '../pipeline/index.ts';
import { ResultStore } from '../store/index.ts';

servePipeline(plugins, undefined, {
  ...browserHost,
  openStore: (options, onWarning) => new ResultStore(options, onWarning),
  connectPlugins: (link, own, onChange) =>
    // Ours come first, so that no other one can take their place.
    connectPlugins(link as SandboxLink, (installed, versions) => onChange({ ...own, ...installed, ...own }, versions)),
});
