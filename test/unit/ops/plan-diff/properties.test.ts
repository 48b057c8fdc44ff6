import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedText } from '../../../../src/core/content.ts';
import type { Facts } from '../../../../src/core/facts.ts';
import type { Variables } from '../../../../src/inventory/cluster.ts';
import { hostDiff } from '../../../../src/ops/plan-diff/host-diff.ts';
import type { Wanted } from '../../../../src/ops/plan-diff/thought-of.ts';
import { withPlaceholders } from '../../../../src/ops/plan-diff/thought-of.ts';
import type { RoleContext } from '../../../../src/roles/role.ts';
import { factsFor, shipped } from '../../layout/shipped.ts';
import { contextFor, ROLES, wanted, withApi, withVariables } from './wanted.ts';

const facts: Readonly<Record<string, Facts>> = {
  p1: factsFor(shipped('amd-7532')),
  apx: factsFor(shipped('amd-7532')),
  miner: factsFor(shipped('amd-7532')),
  c2: factsFor(shipped('intel-4216')),
};

const variables: fc.Arbitrary<Partial<Variables>> = fc.record(
  {
    timezone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin'),
    ntpServer: fc.constantFrom('ntp.example.com', 'pool.ntp.org', null),
    supervisor: fc.constantFrom('nohup', 'systemd'),
    sysctl: fc.constantFrom({}, { 'vm.swappiness': '1' }, { 'net.core.somaxconn': '1024' }),
    environment: fc.constantFrom(
      {},
      { RUST_LOG: 'debug' },
      { OWN: "it's" },
      { SECTOR_TYPE: '64GB', OWN: '1' },
    ),
    packages: fc.constantFrom(['jq'], ['jq', 'bc'], []),
    logFiles: fc.constantFrom(3, 5),
  },
  { requiredKeys: [] },
);

/** A host of a role in one of many states. */
const state = fc
  .record({
    variables,
    token: fc.constantFrom('env A', 'env B'),
    packing: fc.constantFrom(null, 14),
    address: fc.constantFrom('192.168.10.50', '192.168.10.51'),
  })
  .map(({ variables: own, token, packing, address }) => (role: keyof typeof ROLES): RoleContext => {
    const context = contextFor(
      role,
      { address, savedFacts: facts[role] ?? factsFor(shipped('amd-7532')) },
      { packing },
    );
    return withVariables(withApi(context, token), own);
  });

/** The text of each file, mode included; of those that others write too nothing. */
const filesOf = ({ host, tasks }: Wanted): ReadonlyMap<string, string> =>
  new Map(
    tasks.flatMap(({ resources }) =>
      resources.flatMap(({ id, file }): [string, string][] => {
        if (!file) return [];
        const { content, mode } = file;
        const known = host.savedFacts ?? factsFor(host.profile);
        return [
          [id, `${mode} ${withPlaceholders(typeof content === 'function' ? content(known) : content)}`],
        ];
      }),
    ),
  );

const differing = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...after].flatMap(([id, text]) => (before.get(id) === text ? [] : [id])).sort();

/** What a process is started with, as far as its files say it. */
const startedWith = (role: keyof typeof ROLES, context: RoleContext): ReadonlyMap<string, string> => {
  const files = filesOf(wanted(context));
  return new Map(
    ROLES[role]
      .processes(context)
      .map(({ name, reads, unit, environment, cpus }) => [
        name,
        JSON.stringify([
          files.get(`file:${reads.profile}`),
          files.get(`file:${reads.script}`),
          unit?.name,
          cpus,
          environment.map(({ name: variable, value }) => [
            variable,
            typeof value === 'function' ? '' : maskedText(value),
          ]),
        ]),
      ]),
  );
};

describe.each(['p1', 'c2', 'apx', 'miner'] as const)('two states of a host of the role %s', (role) => {
  const runs = { numRuns: 25 };

  it('differ in the files whose text or mode differs, and in no other', () =>
    fc.assert(
      fc.property(state, state, (one, other) => {
        const [before, after] = [wanted(one(role)), wanted(other(role))];
        const { items, missing } = hostDiff(before, after);
        expect(missing.size).toBe(0);
        const found = items.filter(({ kind }) => kind === 'file').map(({ resource }) => resource);
        expect(found.sort()).toEqual(differing(filesOf(before), filesOf(after)));
      }),
      runs,
    ));

  it('owe the restart of the processes that would be started with something else', () =>
    fc.assert(
      fc.property(state, state, (one, other) => {
        const [before, after] = [one(role), other(role)];
        const { items } = hostDiff(wanted(before), wanted(after));
        const found = items.flatMap((item) => (item.state === 'restart' ? [item.restart.process] : []));
        const config = items.some(({ kind }) => kind === 'toml');
        const expected = differing(startedWith(role, before), startedWith(role, after));
        // Those that read a config.toml owe it for that too.
        if (config) expect(found).toEqual(expect.arrayContaining(expected));
        else expect(found.sort()).toEqual(expected);
      }),
      runs,
    ));

  it('differ in nothing once the second one has been done', () =>
    fc.assert(
      fc.property(state, (one) => {
        const { items, left, added } = hostDiff(wanted(one(role)), wanted(one(role)));
        expect([items, left, added]).toEqual([[], [], []]);
      }),
      runs,
    ));
});
