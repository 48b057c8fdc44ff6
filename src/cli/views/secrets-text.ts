import { describePlace } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import { shownRecipient } from '../../ops/secrets/recipients.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable, wrap } from '../text/width.ts';
import type { SecretsCheckDocument } from './secrets-check-document.ts';
import type { SecretsDocument } from './secrets-document.ts';

/** The secrets of a directory, who can decrypt each, and where they are named. */
export const listLines = ({ directory, recipients, secrets }: SecretsDocument, paint: Paint): string[] => {
  const whose = recipients.length === 0 ? 'nobody yet' : recipients.map(shownRecipient).join(', ');
  const head = `${paint.strong(directory)}  for ${printable(whose)}`;
  if (secrets.length === 0) return [head, 'no secrets'];
  const rows = secrets.map(({ name, kept, recipients: can, named }) => [
    name,
    kept ? byWhom(can, recipients.length) : paint.bad('missing'),
    named.length === 0
      ? paint.careful('nobody names it')
      : named.map((place) => describePlace(place)).join('  '),
  ]);
  const titles = ['name', 'who can decrypt', 'named at'].map((title) => ({ title }));
  return [head, ...table(titles, rows, paint.quiet)];
};

const byWhom = (can: readonly string[] | null, all: number): string => {
  if (can === null) return 'not known';
  return can.length === all ? 'all' : `${can.length} of ${all}`;
};

/** One finding a line, as `FILE:LINE: …`: for people, editors and CI alike. */
export const checkLines = (
  { findings, kept, recipients, known, wrong, warnings, unknown }: SecretsCheckDocument,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] => {
  const lines = findings.map(({ level, problem: { what, where, why, next } }) => {
    const place = where ? `${paint.strong(printable(describePlace(where)))}: ` : '';
    const lead = LEADS[level](paint);
    const more = [why === undefined ? '' : ` (${why})`, next === undefined ? '' : `; next: ${next}`];
    return `${place}${lead}: ${printable(`${what}${more.join('')}`.replaceAll('\n', ' '))}`;
  });
  const result =
    wrong > 0
      ? paint.bad(`${wrong} to mend`)
      : unknown > 0
        ? 'nothing wrong, as far as it shows here'
        : paint.good('ok');
  const about = `looked at ${count(kept, 'secret')} for ${count(recipients, 'recipient')}, and whether ${count(known, 'value')} known here ${known === 1 ? 'stands' : 'stand'} in the clear anywhere`;
  const also = [
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(unknown > 0 ? [`${unknown} not known here`] : []),
  ];
  return [...lines, ...wrap(`${result}: ${[about, ...also].join('; ')}`, width, 2)];
};

const LEADS: Readonly<Record<SecretsCheckDocument['findings'][number]['level'], (paint: Paint) => string>> = {
  wrong: (paint) => paint.bad('error'),
  warning: (paint) => paint.careful('warning'),
  unknown: (paint) => paint.quiet('unknown'),
};
