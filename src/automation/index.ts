/** What the command line drives a page of the app with. */
export {
  startAutomation,
  type Automation,
  type AutomationJob,
  type AutomationPlugin,
  type AutomationPlugins,
  type AutomationResult,
  type AutomationWorkers,
  type RemoteFile,
} from './automation.ts';
export type { PluginText, RefusedPlugin, UsedPlugin } from './use-plugins.ts';
