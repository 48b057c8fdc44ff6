import { escapeUnseen } from '../../core/invisible.ts';
import type { CheckDocument, CheckFinding } from './check-document.ts';
import { placeText, saidText } from './check-said.ts';
import { saidLines } from './junit.ts';

/**
 * A command of GitHub's runner for each error and warning, which it shows at its line of a pull request. Notes stand in
 * the log alone: nothing has to be done about them. `called`: how it calls a file of here.
 */
export const githubLines = (
  { findings }: CheckDocument,
  called: (file: string) => string = (file) => file,
): string[] =>
  findings.map((one) => (one.severity === 'note' ? noteText(one) : commandOf(one, one.severity, called)));

const noteText = (finding: CheckFinding): string =>
  ['note', placeText(finding), saidText(finding)]
    .filter((part) => part !== undefined)
    .map(escapeUnseen)
    .join(': ');

const commandOf = (
  finding: CheckFinding,
  command: 'error' | 'warning',
  called: (file: string) => string,
): string => {
  const { rule, problem } = finding;
  const { file, line, column } = problem.where ?? {};
  const properties = [
    ...(file === undefined ? [] : [`file=${property(escapeUnseen(called(file)))}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${property(rule)}`,
  ].join(',');
  const text = saidLines({ message: saidText(finding), why: problem.why, next: problem.next });
  return `::${command} ${properties}::${message(text.split('\n').map(escapeUnseen).join('\n'))}`;
};

/** A text after the second `::`, in one line. */
export const message = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** The value of a property: what would end it is written otherwise, too. */
export const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
