import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { isThere, type NeedName, needsOf, remedyOf } from './needs.ts';

/** The files of a list in few words. */
const inFiles = (files: readonly string[]): string =>
  files.length > 2 ? `${files.length} files` : files.join(' and ');

/** `3 tests in a.test.ts` */
const howMany = (files: readonly string[]): string =>
  `${files.length === 1 ? '1 test' : `${files.length} tests`} in ${inFiles([...new Set(files)])}`;

/** One line: how many tests were skipped for want of something, where they are, and how one gets to run them. */
export const skippedLine = (need: NeedName, files: readonly string[]): string => {
  return `skipped for want of ${need}: ${howMany(files)} (${remedyOf(need)}; .ci/run runs them all)`;
};

/**
 * Says at the end of a run what was skipped since this machine lacks something, a line for each thing, and what skipped
 * itself for a reason of its own.
 */
export default class NeedsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = new Map<NeedName, string[]>();
    const notes = new Map<string, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        for (const need of needsOf(test.tags).filter((one) => !isThere(one))) {
          files.set(need, [...(files.get(need) ?? []), basename(module.moduleId)]);
        }
        const result = test.result();
        if (result.state === 'skipped' && result.note)
          notes.set(result.note, [...(notes.get(result.note) ?? []), basename(module.moduleId)]);
      }
    }
    // The default reporter's summary ends with an empty line.
    for (const [need, found] of files) console.log(skippedLine(need, found));
    for (const [note, found] of notes) console.log(`skipped: ${howMany(found)} (${note})`);
    if (files.size + notes.size > 0) console.log();
  }
}
