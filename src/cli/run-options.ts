import type { AutomationPlugin } from '../automation/index.ts';
import { UsageError } from './cli-error.ts';
import { openModels } from './models-command.ts';
import { didYouMean } from './nearest.ts';
import type { OptionsCommand } from './parse-command-line.ts';
import { startPlugins } from './start-plugins.ts';
import type { Terminal } from './terminal.ts';
import { withPage } from './with-page.ts';

/** Prints the options of plugins: as a table, or as JSON. @throws UsageError for a name that there is not. */
export async function runOptions(
  { names, pluginFiles: named, allowHosts, json }: OptionsCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const models = await openModels(undefined);
  return withPage(models, signal, async (page, exchange) => {
    const warnings = await startPlugins({
      page,
      exchange,
      named,
      allowHosts,
      models,
      say: (line) => terminal.note('plugins', line),
      signal,
    });
    const plugins = chosen((await page.plugins()).all, names);
    if (json) return terminal.json({ schemaVersion: 1, ok: true, plugins, warnings });
    warnings.forEach((warning) => terminal.fail(warning));
    process.stdout.write(`${plugins.map(tableOf).join('\n\n')}\n`);
    return true;
  });
}

function chosen(plugins: readonly AutomationPlugin[], names: readonly string[]): readonly AutomationPlugin[] {
  if (names.length === 0) return plugins;
  const known = plugins.flatMap(({ id, products }) => [id, ...products]);
  return [
    ...new Set(
      names.map((name) => {
        const found = plugins.find(({ id, products }) => id === name || products.includes(name));
        if (!found)
          throw new UsageError(
            `There is no plugin ${name}; there is ${plugins.map(({ id }) => id).join(', ')}.${didYouMean(name, known)} For one in a file, add --plugin FILE.`,
          );
        return found;
      }),
    ),
  ];
}

/** A plugin's options, one a line: name, values, default, what it is. */
export function tableOf({ id, label, products, options }: AutomationPlugin): string {
  const writes = products.length > 0 ? `: --outputs ${products.join(',')}` : '';
  /** With the heading that the app shows above it, where two options are called the same. */
  const nameOf = (option: (typeof options)[number]): string =>
    option.group !== undefined && options.some((other) => other !== option && other.label === option.label)
      ? `${option.group}: ${option.label}`
      : option.label;
  const rows = options.map((option) => [
    `  ${id}.${option.id}`,
    valuesOf(option),
    String(option.default),
    option.help ? `${nameOf(option)}. ${option.help}` : nameOf(option),
  ]);
  const widths = [0, 1, 2].map((column) => Math.min(44, Math.max(0, ...rows.map((row) => row[column]!.length))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${label} (${id})${writes}`, ...(lines.length > 0 ? lines : ['  no options'])].join('\n');
}

function valuesOf(option: AutomationPlugin['options'][number]): string {
  switch (option.type) {
    case 'number':
      return `${option.min} to ${option.max}${option.unit ? ` ${option.unit}` : ''}`;
    case 'boolean':
      return 'true, false';
    case 'choice':
      return option.choices.map(({ value }) => value).join(', ');
    case 'text':
      return 'text';
    case 'colour':
      return '#rrggbb';
    case 'path':
      return 'JSON, or --path move.json';
  }
}
