import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { isThere, type NeedName, needsOf, remedyOf } from './needs.ts';

/** The files of a list in few words. */
const inFiles = (files: readonly string[]): string =>
  files.length > 2 ? `${files.length} files` : files.join(' and ');

/** One line: how many tests were skipped for want of something, where they are, and how one gets to run them. */
export const skippedLine = (need: NeedName, files: readonly string[]): string => {
  const tests = files.length === 1 ? '1 test' : `${files.length} tests`;
  return `skipped for want of ${need}: ${tests} in ${inFiles([...new Set(files)])} (${remedyOf(need)}; .ci/run runs them all)`;
};

/** Says at the end of a run what was skipped since this machine lacks something, a line for each thing. */
export default class NeedsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = new Map<NeedName, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        for (const need of needsOf(test.tags).filter((one) => !isThere(one))) {
          files.set(need, [...(files.get(need) ?? []), basename(module.moduleId)]);
        }
      }
    }
    // The default reporter's summary ends with an empty line.
    for (const [need, found] of files) console.log(skippedLine(need, found));
    if (files.size > 0) console.log();
  }
}
