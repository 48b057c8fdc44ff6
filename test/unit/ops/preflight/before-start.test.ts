import { describe, expect, it } from 'vitest';
import { FcopsError } from '../../../../src/core/problem.ts';
import type { HostPlan } from '../../../../src/engine/plan.ts';
import { obstaclesOf, warningsOf } from '../../../../src/engine/plan.ts';
import type { Query } from '../../../../src/engine/query.ts';
import type { HostSession } from '../../../../src/ops/deploy-host.ts';
import { DeployHost } from '../../../../src/ops/deploy-host.ts';
import { GivenSecrets } from '../../../../src/ops/given-secrets.ts';
import { preflightOf } from '../../../../src/ops/preflight/before-start.ts';
import type { RoleWork } from '../../../../src/ops/role-work.ts';
import { clusterFile, clusterOf, repository } from '../../inventory/support.ts';
import { noTemplates } from '../no-templates.ts';

const cluster = clusterOf(clusterFile());
const host = cluster.hosts.find(({ roles }) => roles.includes('p1'));
if (!host) throw new Error('the sample cluster has no P1 host');

const process = {
  name: 'P1-1',
  group: 'P1',
  repository: '/opt/lotusworker/worker-1p1',
  known: { by: 'argument' },
  program: '/opt/lotusworker/lotus-worker',
  environment: [],
  environmentFrom: [],
  environmentIsWhole: true,
  port: 10_001,
  log: '/log',
  reads: { profile: '/p', script: '/s' },
  requires: [],
  start: { run: 'true', pause: 0 },
  stop: { deadline: 60 },
} as const;
const work: RoleWork = {
  ...{
    role: 'p1',
    cluster,
    hosts: [host],
    showReplaced: false,
    given: new GivenSecrets(),
    renderer: noTemplates,
  },
  reveal: () => 'pl4nted-token',
  digest: () => '',
  redact: (text) => text.replaceAll('pl4nted-token', '********'),
  tasksOf: () => [],
  processesOf: () => [process],
};
const planOf = (...kinds: readonly ['process' | 'file', string][]): HostPlan => ({
  format: 'fcops-host-plan/1',
  host: host.name,
  same: 0,
  items: kinds.map(([kind, title]) => ({
    ...{ state: 'change', task: 'processes', kind, resource: `${kind}:${title}`, title },
    change: { action: 'run', details: [], steps: [] },
  })),
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const api = (status: string, body = ''): string =>
  `api\t${base64(`connected\nHTTP/1.1 ${status}\r\n\r\n${body}\nended 0\n`)}`;

/** A plan after its host was asked; `says`: what that answers. */
const asked = async (plan: HostPlan, says: readonly string[] | FcopsError, bringsMiner = false) => {
  const scripts: string[] = [];
  const ask = async <Answer>(query: Query<Answer>): Promise<Answer> => {
    scripts.push(query.script);
    if (says instanceof FcopsError) throw says;
    const answer = query.parse(`${says.join('\n')}\nover\n`);
    if (!answer.ok) throw new Error(answer.error);
    return answer.value;
  };
  const nobody = () => Promise.reject(new Error('nobody asks for it here'));
  const session: HostSession = {
    ask,
    open: async () => {},
    warm: nobody,
    look: nobody,
    apply: nobody,
    hold: nobody,
    rejoin: nobody,
    reboot: nobody,
    comeBack: nobody,
    close: nobody,
  };
  const preflight = preflightOf({
    sources: { inventory: '', packageRoot: repository, env: {}, home: '/' },
    hosts: work,
    work: async () => work,
    deps: { now: () => 0, date: () => new Date(0) },
    bringsMiner: async () => bringsMiner,
  });
  return { after: await preflight(new DeployHost(host, session), plan), scripts };
};
const messages = (plan: HostPlan) =>
  obstaclesOf(plan).map((item) => (item.state === 'violated' ? item.violation.message : item.title));

const START = planOf(['process', 'P1-1']);
const FINE = ['clock\tbegin\t0.0', 'clock\tend\t0.0', 'listeners\tseen', 'cores\tseen'];
const OPEN = api('200 OK', '{"jsonrpc":"2.0","id":1,"result":["admin"]}');

describe('a host where something would be started', () => {
  it('is asked once, and goes on as planned where all is well', async () => {
    const names = cluster.hosts.flatMap(({ variables }) => variables.ntpServer ?? []);
    const { after, scripts } = await asked(START, [
      ...FINE,
      OPEN,
      ...names.map((name) => `name\t${name}\t0\t`),
    ]);
    expect(scripts).toHaveLength(1);
    expect(after.items).toEqual(START.items);
  });

  it('is kept as it is where something is off, with the reason, and told what may be', async () => {
    const { after } = await asked(START, [...FINE, api('401 Unauthorized'), 'busy\t7\t97\t0,1,2,3\tcat']);
    expect(messages(after)).toEqual([expect.stringContaining('refuses the token (401)')]);
    expect(warningsOf(after)).toContainEqual(expect.stringContaining('process 7 (cat) is at work'));
    expect(after.items.at(-1)).toEqual(START.items[0]);
  });

  it('shows no secret that a host gives back', async () => {
    const { after } = await asked(START, [...FINE, api('502 Bad', 'bad token pl4nted-token')]);
    expect(JSON.stringify(after)).toContain('bad token ********');
    expect(JSON.stringify(after)).not.toContain('pl4nted');
  });

  it('is not asked for a miner that the same run brings', async () => {
    const { scripts, after } = await asked(START, FINE, true);
    expect(scripts[0]).not.toMatch(/^check_api /m);
    expect(messages(after)).toEqual([]);
  });

  it('goes on with a warning where it does not tell', async () => {
    const mute = new FcopsError({ kind: 'unseen', what: 'the host did not tell', why: 'it hangs' });
    const { after } = await asked(START, mute);
    expect(messages(after)).toEqual([]);
    expect(warningsOf(after)).toEqual([
      'what stands against a start is not known: the host did not tell: it hangs',
    ]);
  });

  it('ends where the connection is lost, or somebody interrupts', async () => {
    for (const kind of ['connect', 'stopped'] as const)
      await expect(asked(START, new FcopsError({ kind, what: 'it is over' }))).rejects.toThrow('it is over');
  });
});

it('a host where nothing would be started is not asked', async () => {
  const plan = planOf(['file', '/etc/motd']);
  const { after, scripts } = await asked(plan, []);
  expect([after, scripts]).toEqual([plan, []]);
});
