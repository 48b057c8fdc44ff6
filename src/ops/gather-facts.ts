import { digestBy } from '../core/content.ts';
import type { Facts } from '../core/facts.ts';
import type { Problem } from '../core/problem.ts';
import { atHost, FcopsError } from '../core/problem.ts';
import { inParallel } from '../engine/parallel.ts';
import { Session } from '../engine/session.ts';
import { shownArgument } from '../resources/grub/kernel-line.ts';
import type { Target } from '../transport/connection.ts';
import type { OpsDeps } from './deps.ts';
import { interruptible } from './interruptible.ts';

/** What a machine is, or why nobody knows. */
export type HostFacts =
  | { readonly state: 'seen'; readonly host: string; readonly facts: Facts }
  | { readonly state: 'ended'; readonly host: string; readonly problems: readonly Problem[] };

/** A look that wants nothing has no secret in it. */
const reveal = (name: string): never => {
  throw new RangeError(`nobody needs the secret ${name} here`);
};

/** Facts as they may be shown and kept: of the kernel's arguments, which may hold a passphrase, ours alone are whole. */
export const shownFacts = (facts: Facts): Facts => ({
  ...facts,
  kernelArguments: facts.kernelArguments.map((argument) => shownArgument(argument)),
});

/** Looks at machines without wanting anything of them. One host's trouble is its own answer. */
export const gatherFacts = (targets: readonly Target[], given: OpsDeps): Promise<HostFacts[]> => {
  const deps = interruptible(given);
  const { connect, now, after, emit, signal, widths } = deps;
  emit({ type: 'run-begin', run: '', hosts: targets.map(({ name }) => name), stages: ['look'] });
  return inParallel(targets, widths.look, async (target): Promise<HostFacts> => {
    const host = target.name;
    const session = new Session(target, {
      connect,
      now,
      after,
      reveal,
      digest: digestBy(reveal),
      emit,
      signal,
    });
    try {
      emit({ type: 'phase', host, phase: 'connect' });
      await session.open();
      emit({ type: 'phase', host, phase: 'look' });
      const { seen } = await session.look([]);
      return { state: 'seen', host, facts: shownFacts(seen.facts) };
    } catch (error) {
      const problems = error instanceof FcopsError ? error.problems : [deps.defect(error, host)];
      return {
        state: 'ended',
        host,
        problems: atHost(problems, host),
      };
    } finally {
      emit({ type: 'phase', host, phase: 'done' });
      await session.close();
    }
  });
};
