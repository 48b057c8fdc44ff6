import type { Content } from '../../core/content.ts';
import { secretsIn } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';
import type { PlanItem } from '../../engine/plan.ts';
import { isOfSecret } from '../../resources/file/file.ts';
import type { Resource } from '../../resources/resource.ts';
import { detail } from '../../resources/resource.ts';
import { withPlaceholders } from './thought-of.ts';

/** A resource, and the facts of the machine that its content follows from. */
interface Written {
  readonly resource: Resource | undefined;
  readonly facts: Facts;
}

/**
 * A change of a file in the words of who wrote both: nothing in them is of others, so that nothing has to be masked, and
 * secrets stand there by their names. Where a line stands in a file that others write too, nobody knows.
 */
export const changedAsWritten = (item: PlanItem, was: Written, is: Written): PlanItem => {
  if (item.state === 'restart')
    return { ...item, restart: { ...item.restart, reasons: item.restart.reasons.map(withoutRun) } };
  if (item.state !== 'change') return item;
  const change = {
    ...item.change,
    details: item.change.details.map((one) => ({ ...one, after: one.after && withoutRun(one.after) })),
  };
  const lines = change.lines && { lines: change.lines.map((line) => ({ ...line, line: 0 })) };
  const after = contentOf(is);
  if (!change.text || !after) return { ...item, change: { ...change, ...lines } };
  const before = contentOf(was);
  const text = { before: before && withPlaceholders(before), after: withPlaceholders(after) };
  const details = [
    // Here its name differs.
    ...change.details.filter((one) => !isOfSecret(one)),
    ...(before ? detail('secret', namesIn(before), namesIn(after)) : []),
  ];
  return { ...item, change: { ...change, ...lines, details, text } };
};

/** There is no run here. */
const withoutRun = (words: string): string => words.replace(/changes in this run$/, 'changes');

const contentOf = ({ resource, facts }: Written): Content | null => {
  const content = resource?.file?.content;
  if (content === undefined) return null;
  return typeof content === 'function' ? content(facts) : content;
};

const namesIn = (content: Content): string => secretsIn(content).join(', ') || 'none';
