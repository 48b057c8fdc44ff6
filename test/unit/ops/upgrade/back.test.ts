import { expect, it } from 'vitest';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { goBack } from '../../../../src/ops/upgrade/back.ts';
import type { UpgradeContext } from '../../../../src/ops/upgrade/context.ts';
import type { Versions } from '../../../../src/ops/upgrade/versions.ts';
import { BEFORE, contextOf, host, NEW, sessionOf, workOf } from './support.ts';

/** A host that goes back: what is applied to it, and what it is said to have. */
const goingBack = async (more: Partial<UpgradeContext>) => {
  const applied: string[] = [];
  const settled: Versions[] = [];
  const session = sessionOf({
    apply: async ({ changes }) => {
      applied.push(...changes.map(({ kind, title }) => `${kind} ${title}`));
      return { state: 'failed', succeeded: 0, problems: [] };
    },
  });
  const one = new DeployHost(host, session);
  const context = contextOf({ settled: async (_, versions) => void settled.push(versions), ...more });
  const failed = one.result('failed', [{ kind: 'check', what: 'nothing was stopped' }]);
  const { state, problems } = await goBack(one, failed, context);
  return { state, applied, settled, said: problems.map(({ what }) => what) };
};

it('a host whose links lead to the version before keeps what runs, though that runs by another one', async () => {
  const workAt = async () => workOf(['stop', 'P1-1']);
  expect(await goingBack({ workAt })).toEqual({
    ...{ state: 'failed', applied: [], settled: [BEFORE], said: ['nothing was stopped'] },
  });
  const startAt = async () => workOf(['process', 'P1-2']);
  expect((await goingBack({ workAt, startAt })).applied).toEqual(['process P1-2']);
});

it('a host whose links were moved ends what runs by the version that failed', async () => {
  expect((await goingBack({})).applied).toEqual(['stop P1-1', 'link /opt/lotus-worker']);
});

it('a host that the run has found on the version stays there: what runs may be at tasks for days', async () => {
  const { applied, settled, said } = await goingBack({ moved: new Set(), standing: new Map([[host, NEW]]) });
  expect([applied, settled]).toEqual([[], []]);
  expect(said).toEqual([
    'nothing was stopped',
    'this run has found it on the version, and did not bring it there: it is left as it is',
  ]);
});
