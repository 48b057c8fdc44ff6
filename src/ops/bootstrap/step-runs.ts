import type { LockHolder } from '../../core/problem.ts';
import type { ApplyJob } from '../../engine/apply/apply.ts';
import type { Step } from '../../resources/kinds.ts';
import { STEP_NAMES } from './setup.ts';
import type { SetupStep } from './setup-step.ts';
import { SETUP_STEPS } from './steps/steps.ts';

/** The runs of a set-up are told by their names: `r-20261122T103000Z-x7k2qbinit`. */
const RUN = /^r-\d{8}T\d{6}Z-[a-z0-9]{5}b([a-z]+)$/;

/** The step that a run on the host is about; null where it is no run of a set-up. */
export const stepOfRun = (run: string, steps: readonly SetupStep[] = SETUP_STEPS): SetupStep | null => {
  const name = STEP_NAMES.find((one) => one === RUN.exec(run)?.[1]);
  return steps.find((step) => step.name === name) ?? null;
};

/** The name of a run that is about a step, from that of any run. */
export const runOf = (name: string, { name: step }: SetupStep): string => `${name}b${step}`;

/** A step of a set-up as a run on its host. It is one change: who takes the run up has to know how many there are. */
export const jobOf = (
  { name, title }: SetupStep,
  steps: readonly Step[],
  { host, holder }: { readonly host: string; readonly holder: LockHolder & { readonly run: string } },
): ApplyJob => ({
  run: holder.run,
  host,
  holder,
  changes: [
    {
      state: 'change',
      task: 'set-up of the miner',
      kind: 'bootstrap',
      resource: `bootstrap:${name}`,
      title,
      change: { action: 'run', details: [], steps },
    },
  ],
});
