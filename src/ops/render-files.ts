import type { Content } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import { factsBy } from '../core/facts-by.ts';
import { edit, fcopsCommand } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';
import type { Host } from '../inventory/cluster.ts';
import { knownFacts } from '../inventory/saved-facts.ts';
import type { Task } from '../resources/resource.ts';

/** A file as a deploy would write it; its secrets by their names. */
export interface RenderedFile {
  readonly path: string;
  readonly content: Content;
  /** Four octal digits. */
  readonly mode: string;
}

/** The files that a host's tasks would put on it, in their order. Throws where a fact is needed and nowhere. */
export const renderFiles = (host: Host, tasks: readonly Task[]): RenderedFile[] => {
  const facts = offlineFacts(host);
  return tasks.flatMap(({ resources }) =>
    resources.flatMap(({ file }): readonly RenderedFile[] => {
      if (file === undefined) return [];
      const { path, mode, content } = file;
      return [{ path, mode, content: typeof content === 'function' ? content(facts) : content }];
    }),
  );
};

/** What is known of a machine without asking it: a fact that is not is an error as soon as somebody needs it. */
const offlineFacts = (host: Host): Facts => {
  const known = knownFacts(host);
  const need = <Key extends keyof Facts>(key: Key): Facts[Key] => {
    const value: Partial<Facts>[Key] = known[key];
    if (value !== undefined) return value;
    if (host.savedFactsProblem) throw new FcopsError(host.savedFactsProblem);
    throw new FcopsError({
      kind: 'inventory',
      what: `a file needs the fact "${key}" of this machine, and it is not known here`,
      where: { host: host.name },
      next: [
        fcopsCommand(['facts', host.name, '--save']),
        edit(`or state it in the inventory: facts: { ${key}: … }`),
      ],
    });
  };
  return factsBy(need);
};
