import { describe, expect, it } from 'vitest';
import { sayNext } from '../../../../src/core/next.ts';
import type { HostState } from '../../../../src/ops/bootstrap/host-state.ts';
import type { Setup } from '../../../../src/ops/bootstrap/setup.ts';
import { RESTORE } from '../../../../src/ops/restore/flow.ts';
import { restoredOf, workerKeyOf } from '../../../../src/ops/restore/state.ts';
import { repository, restore } from '../../../../src/ops/restore/steps.ts';
import { CHAIN_MINER } from '../../lotus/samples.ts';
import { answer, deployedHost, entriesOf, NOW, OWNER, setupOf, WORKER } from '../bootstrap/support.ts';

const KEYSTORE = '/opt/raid0/lotusminer/keystore';
const STATE = '/opt/raid0/bootstrap/restore.state';
const FROM = '/backup/f0494733/f0494733-20261129T000000Z/metadata.cbor';
const setup: Setup = {
  ...setupOf(),
  restore: {
    metadata: FROM,
    config: '/c',
    storage: '/s',
    sha256: 'a'.repeat(64),
    bytes: 5000,
    at: NOW - 7200,
    hasSums: true,
  },
};
const IDS = `Address  ID  Balance  Nonce  Default\n${OWNER}  f01001  2 FIL  0  X\n${WORKER}  f01002  0 FIL  0\n`;
const inSync = (ids = IDS): HostState['answers'] =>
  new Map([
    ['status', answer('')],
    ['chain-miner', answer(CHAIN_MINER)],
    ['wallet-ids', answer(ids)],
  ]);
const noted = (text: string, more: Partial<HostState> = {}) =>
  deployedHost({ texts: new Map([[STATE, text]]), answers: inSync(), ...more });
const made = { entries: entriesOf(KEYSTORE), identities: new Map([[KEYSTORE, '8:12']]) };

describe('a restore, as its host has noted it', () => {
  it.each<[string, HostState, string]>([
    ['not begun', deployedHost(), 'not begun'],
    ['not begun from another backup', noted('from /other\nidentity 8:12\nstatus 0\n', made), 'not begun'],
    ['under way', noted(`from ${FROM}\n`, { running: new Map([['lotus-miner init', 7]]) }), 'under way'],
    ['broken off', noted(`from ${FROM}\n`), 'broke off'],
    ['restored', noted(`from ${FROM}\nidentity 8:12\nstatus 0\n`, made), 'restored'],
    [
      'not begun where another repository has come in its place',
      noted(`from ${FROM}\nidentity 8:13\nstatus 0\n`, made),
      'not begun',
    ],
    ['not begun where its repository is gone', noted(`from ${FROM}\nidentity 8:12\nstatus 0\n`), 'not begun'],
    ['failed', noted(`from ${FROM}\nidentity \nstatus 1\n`), 'failed'],
  ])('is %s', (_, seen, type) => {
    expect(restoredOf(seen, setup).type).toBe(type);
  });
});

describe('the place of the repository', () => {
  it.each<[string, HostState, RegExp]>([
    [
      'where lotus-miner runs',
      deployedHost({ ...made, running: new Map([['lotus-miner run', 7]]) }),
      /runs, as process 7: nothing is restored over a live miner/,
    ],
    ['where there is a repository', deployedHost(made), /is a repository of lotus-miner/],
    ['where half of one is', noted(`from ${FROM}\n`, made), /is half made: a restore broke off/],
    [
      'where an init is under way',
      deployedHost({ running: new Map([['lotus-miner init', 7]]) }),
      /that is no restore of this backup/,
    ],
    [
      'where other files are',
      deployedHost({ files: new Map([['/opt/raid0/lotusminer/logs', 1]]) }),
      /is no repository, and has files in it/,
    ],
  ])('is not touched %s', (_, seen, says) => {
    const state = repository.look(seen, setup);
    expect(state).toMatchObject({ type: 'blocked', says: expect.stringMatching(says) });
  });

  it('is free, or has what this backup has made', () => {
    expect(repository.look(deployedHost(), setup).type).toBe('done');
    expect(repository.look(noted(`from ${FROM}\nidentity 8:12\nstatus 0\n`, made), setup).type).toBe('done');
  });
});

describe('the key of the worker', () => {
  it('is there, missing, or not known', () => {
    expect(workerKeyOf({ answers: inSync() })).toEqual({ type: 'there', worker: 'f01002' });
    expect(workerKeyOf({ answers: inSync(IDS.replace('f01002', 'n/a   ')) }).type).toBe('missing');
    expect(workerKeyOf({ answers: new Map() }).type).toBe('unknown');
    const failed = `Address  ID  Balance  Nonce  Default\n${OWNER}  f01001  2 FIL  0  X\n${WORKER}\n  Error: failed to load\n`;
    expect(workerKeyOf({ answers: inSync(failed) }).type).toBe('unknown');
  });

  it('that is missing keeps a restore from being begun; one that is not known is said to be that', () => {
    const look = (answers: HostState['answers']) => restore.look(deployedHost({ answers }), setup);
    expect(look(inSync(IDS.replace('f01002', 'n/a   '))).type).toBe('blocked');
    const state = look(new Map([['status', answer('')]]));
    expect(state.type === 'to do' ? state.work.confirm?.lines.join('\n') : state).toContain(
      'not known (lotus was not asked)',
    );
  });
});

describe('what is said of a restore', () => {
  it('has what is at stake before, and what is left to do after it', () => {
    const cron = { ...setup, cluster: { ...setup.cluster, packing: 14 } };
    const state = restore.look(deployedHost({ answers: inSync() }), cron);
    const lines = state.type === 'to do' ? (state.work.confirm?.lines.join('\n') ?? '') : '';
    expect(lines).toContain('2 h 0 min old');
    expect(lines).toContain('cron pledges again within four minutes');
    const said = sayNext(RESTORE.outcome(deployedHost(), cron).next);
    expect(said).toContain('issue 9681');
    expect(said).toContain('fcops deploy all --miner f0494733');
    expect(said).toContain('the secret that api.token names');
  });
});
