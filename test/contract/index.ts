/**
 * The rules for plugins as tests, `unflat/plugin-test`: plain `node:test`, no browser, no packages.
 *
 *     import { testInpainter } from 'unflat/plugin-test';
 *     import plugin from './inpaint-mine.js';
 *     testInpainter(plugin);
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepthSource, Inpainter, Output, Plugin } from '../../src/plugin-api/index.ts';
import { checkPlugin, type CheckOptions } from './check-plugin.ts';
import { startWatchdog } from './start-watchdog.ts';

/** What the tests of a plugin should know besides the plugin. */
export type ContractOptions = CheckOptions;

/** A test of the contract that failed. */
export interface ContractFailure {
  /** Name of the test. */
  test: string;
  /** Why it failed, for the plugin's author. */
  message: string;
}

/** What the tests found, for tools that run them by themselves. */
export interface ContractReport {
  /** How many tests passed, from 0. */
  passed: number;
  /** What is wrong: the tests that failed. */
  failures: ContractFailure[];
  /** What could not be tested where this ran, in sentences. */
  untested: string[];
}

/** Runs the tests of any plugin without `node:test`. @returns what they found; it does not reject. */
export async function checkContract(plugin: Plugin, options: ContractOptions = {}): Promise<ContractReport> {
  const report: ContractReport = { passed: 0, failures: [], untested: [] };
  const run = async (name: string, work: () => void | Promise<void>): Promise<void> => {
    try {
      await work();
      report.passed++;
    } catch (error) {
      report.failures.push({ test: name, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const tester = { test: run, diagnostic: (message: string) => void report.untested.push(message) };
  try {
    await checkPlugin(plugin, tester, options, startWatchdog());
  } catch (error) {
    // What has no definition that can be read cannot be tested further.
    if (report.failures.length === 0) report.failures.push({ test: 'definition', message: String(error) });
  }
  return report;
}

/** Registers the tests of a depth source with `node:test`: what it estimates on small made-up photos, with and without models. */
export function testDepthSource(plugin: DepthSource, options: ContractOptions = {}): void {
  testKind('depth', 'defineDepthSource or defineDepthModel', plugin, options);
}

/** Registers the tests of an inpainter with `node:test`: what it fills in on small made-up images, and that it never looks at the foreground. */
export function testInpainter(plugin: Inpainter, options: ContractOptions = {}): void {
  testKind('inpaint', 'defineInpainter', plugin, options);
}

/** Registers the tests of an output with `node:test`: what it writes of a small made-up scene, each product with each option. */
export function testOutput(plugin: Output, options: ContractOptions = {}): void {
  testKind('output', 'defineOutput', plugin, options);
}

function testKind(kind: Plugin['kind'], maker: string, plugin: Plugin, options: ContractOptions): void {
  const name = (plugin as Partial<Plugin> | undefined)?.id ?? 'without an id';
  test(`plugin ${name} keeps the contract`, async (t) => {
    assert.equal((plugin as Partial<Plugin> | undefined)?.kind, kind, `the default export must come from ${maker}`);
    await checkPlugin(plugin, t, options, startWatchdog());
  });
}
