import { describe, expect, it } from 'vitest';
import { sayNext } from '../../../../src/core/next.ts';
import type { HostState } from '../../../../src/ops/bootstrap/host-state.ts';
import { SETUP_STEP_NAMES } from '../../../../src/ops/bootstrap/setup.ts';
import { SETUP_STEPS } from '../../../../src/ops/bootstrap/steps/steps.ts';
import { workerParameterFiles } from '../../../../src/roles/proof-parameters.ts';
import {
  allParameters,
  answer,
  deployedHost,
  entriesOf,
  NOW,
  OWNER,
  SUM,
  setupOf,
  stateOf,
  WORKER,
} from './support.ts';

const WHOLE =
  'importing chain from /opt/raid0/bootstrap/cccccccccccccccc.car\nChain import complete, halting as requested...\n';
const IMPORT_LOG = '/opt/raid0/bootstrap/import.log';
const INIT_LOG = '/opt/raid0/bootstrap/init.log';
const log = (...lines: readonly string[]) =>
  lines.map((line) => `2021-08-17T10:11:12.000+0800\tINFO\tmain\tlotus-miner/init.go:1\t${line}\n`).join('');
const BEGUN = 'Initializing lotus miner';
const SENT = 'Pushed CreateMiner message: bafy2bzacea';

const withTexts = (texts: Readonly<Record<string, string>>, own: Partial<HostState> = {}) =>
  deployedHost({ ...own, texts: new Map([...deployedHost().texts, ...Object.entries(texts)]) });
const running = (
  ...names: readonly ('lotus daemon' | 'lotus import' | 'lotus-miner run' | 'lotus-miner init')[]
) => new Map(names.map((name, index) => [name, 100 + index]));
const table = (...rows: readonly string[]) =>
  rows.length === 0 ? '\n' : `Address  Balance  Nonce  Default\n${rows.join('\n')}\n`;
const wallets = (text: string, own: Partial<HostState> = {}) =>
  deployedHost({ running: running('lotus daemon'), answers: new Map([['wallets', answer(text)]]), ...own });
const BOTH = table(`${OWNER}  2 FIL  0  X`, `${WORKER}  0 FIL  0`);
const HAS_RUN = entriesOf('/opt/raid0/lotusminer/datastore', '/opt/raid0/lotusminer/token');
const MADE = entriesOf('/opt/raid0/lotusminer/datastore', '/opt/raid0/lotusminer/keystore');

it('there is a step of every name, in their order', () => {
  expect(SETUP_STEPS.map(({ name }) => name)).toEqual(SETUP_STEP_NAMES);
});

describe('what is deployed', () => {
  it('is looked for, and whose the host is', () => {
    expect(stateOf('deployed', deployedHost()).type).toBe('done');
    expect(stateOf('deployed', deployedHost({ entries: new Map() }))).toMatchObject({
      type: 'blocked',
      next: [{ words: ['deploy', 'miner', '--miner', 'f0494733', '--limit', 'miner-1'] }],
    });
    expect(stateOf('deployed', deployedHost({ texts: new Map() })).type).toBe('blocked');
    const other = withTexts({ '/var/lib/fcops/stamp': 'miner: f01\nhost: m\n' });
    expect(stateOf('deployed', other)).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('f01'),
    });
  });
});

describe('the snapshot', () => {
  const path = `/opt/raid0/bootstrap/${SUM.slice(0, 16)}.car`;

  it('is there under its own name only when it was checked', () => {
    expect(stateOf('snapshot', deployedHost({ files: new Map([[path, 9]]) })).type).toBe('done');
    const part = deployedHost({ files: new Map([[`${path}.part`, 2048]]) });
    expect(stateOf('snapshot', part)).toMatchObject({ type: 'to do', says: '2 KiB of it are here' });
  });

  it('is asked for by name where the inventory has none, and not needed where there is a chain', () => {
    expect(stateOf('snapshot', deployedHost(), setupOf({ snapshot: null })).type).toBe('blocked');
    const chain = deployedHost({ entries: entriesOf('/opt/raid0/lotus/datastore/chain') });
    expect(stateOf('snapshot', chain, setupOf({ snapshot: null })).type).toBe('done');
  });

  it('is fetched with the credentials of the artifact server only below its address', () => {
    const artifacts = {
      url: 'http://artifacts.example.com',
      user: 'deploy',
      password: setupOf().cluster.api.token,
      sha256: {},
    };
    const credentials = (url: string) => {
      const state = stateOf(
        'snapshot',
        deployedHost(),
        setupOf({ snapshot: { url, sha256: SUM } }, { artifacts }),
      );
      const [step] = state.type === 'to do' ? state.work.steps : [];
      return step?.step === 'fetch-file' ? step.credentials : undefined;
    };
    expect(credentials('http://artifacts.example.com/chain.car')).toEqual([
      'deploy:',
      { secret: 'token', as: 'plain' },
    ]);
    expect(credentials('http://artifacts.example.com.evil/chain.car')).toBeNull();
    expect(credentials('http://elsewhere.example.com/chain.car')).toBeNull();
  });
});

describe('the proof parameters', () => {
  it('are there when all have the sizes that are published', () => {
    expect(stateOf('parameters', deployedHost({ files: allParameters() })).type).toBe('done');
    const [first = ''] = allParameters().keys();
    const short = new Map([...allParameters(), [first, 5]] as const);
    expect(stateOf('parameters', deployedHost({ files: short }))).toMatchObject({
      type: 'to do',
      says: expect.stringContaining('1 of 19 files missing or not whole'),
    });
  });

  it('are those that a start asks for, with the keys of other sector sizes: what a worker has is not all', () => {
    const names = workerParameterFiles('64GiB').map(
      ({ name }) => `/opt/raid0/filecoin-proof-parameters/${name}`,
    );
    const files = new Map([...allParameters()].filter(([path]) => names.includes(path)));
    expect(stateOf('parameters', deployedHost({ files }))).toMatchObject({
      type: 'to do',
      says: expect.stringContaining('12 of 19 files missing'),
    });
  });

  it('are copied as far as a worker has them, and fetched for the rest', () => {
    const state = stateOf(
      'parameters',
      deployedHost(),
      setupOf({ parameters: { from: 'miner-1', directory: null } }, { hosts: [setupOf().host] }),
    );
    expect(state).toMatchObject({
      type: 'to do',
      work: {
        steps: [
          { step: 'copy-parameters', names: workerParameterFiles('64GiB').map(({ name }) => name) },
          { step: 'fetch-parameters' },
        ],
      },
    });
  });

  it('are not guessed where the profile does not say where they are', () => {
    expect(stateOf('parameters', deployedHost({ parameters: null })).type).toBe('unknown');
  });
});

describe('the import', () => {
  it('is done once its log says so, and is somebody else’s where there is a chain without one', () => {
    expect(stateOf('import', withTexts({ [IMPORT_LOG]: WHOLE })).type).toBe('done');
    const chain = deployedHost({ entries: entriesOf('/opt/raid0/lotus/datastore/chain') });
    expect(stateOf('import', chain)).toMatchObject({
      type: 'done',
      says: expect.stringContaining('left as it is'),
    });
  });

  it('begins anew where it broke off, though there is a chain then', () => {
    const broken = withTexts(
      { [IMPORT_LOG]: 'importing chain from /x\n' },
      { entries: entriesOf('/opt/raid0/lotus/datastore/chain') },
    );
    expect(stateOf('import', broken)).toMatchObject({ type: 'to do', work: { steps: [{ over: false }] } });
  });

  it('is never begun beside a lotus that runs, and is waited for where it is under way', () => {
    expect(stateOf('import', deployedHost({ running: running('lotus daemon') })).type).toBe('blocked');
    expect(stateOf('import', deployedHost({ running: running('lotus import') })).type).toBe('waits');
  });

  it('goes over a chain only where that is confirmed, and once', () => {
    const chain = deployedHost({ entries: entriesOf('/opt/raid0/lotus/datastore/chain') });
    const over = setupOf({}, {}, true);
    expect(stateOf('import', chain, over)).toMatchObject({
      type: 'to do',
      work: { steps: [{ over: true }] },
    });
    expect(stateOf('import', withTexts({ [IMPORT_LOG]: WHOLE }), over).type).toBe('done');
    const before = withTexts({ [IMPORT_LOG]: WHOLE.replace('cccccccccccccccc', 'dddddddddddddddd') });
    expect(stateOf('import', before, over).type).toBe('to do');
  });
});

describe('the start of a program', () => {
  it('is the one of a deploy, but for what is waited for: an API that answers, the sync is a step of its own', () => {
    expect(stateOf('lotus', deployedHost())).toMatchObject({
      type: 'to do',
      says: 'does not run',
      work: {
        configures: 'lotus',
        steps: [
          {
            step: 'start-process',
            repository: '/opt/raid0/lotus',
            run: 'bash /opt/raid0/start_lotus.sh',
            known: { program: 'lotus', command: 'daemon' },
            before: null,
            ready: { type: 'lotus-answers', profile: '/opt/raid0/profile' },
          },
        ],
      },
    });
  });

  it('of lotus-miner is over when it answers as the miner that the chain has made', () => {
    const created = log(BEGUN, SENT, 'Created new miner: f01', 'Miner successfully created');
    expect(stateOf('miner', withTexts({ [INIT_LOG]: created }, { entries: MADE }))).toMatchObject({
      type: 'to do',
      work: {
        configures: 'lotus-miner',
        steps: [
          {
            step: 'start-process',
            repository: '/opt/raid0/lotusminer',
            before: { type: 'lotus-in-sync' },
            ready: { type: 'miner-answers', miner: 'f01' },
          },
        ],
      },
    });
    expect(stateOf('miner', deployedHost({ entries: HAS_RUN }))).toMatchObject({
      work: { steps: [{ ready: { type: 'miner-answers', miner: null } }] },
    });
  });

  it('sets no keys where it runs and does not answer yet', () => {
    const state = stateOf('lotus', deployedHost({ running: running('lotus daemon') }));
    expect(state).toMatchObject({ type: 'to do', work: { steps: [{ step: 'start-process' }] } });
    expect(state).not.toHaveProperty('work.configures');
  });

  it('is waited for, and not done anew, where lotus is too busy to answer in time', () => {
    for (const status of [124, 137]) {
      const busy = deployedHost({
        running: running('lotus daemon'),
        answers: new Map([['status', answer('', '', status)]]),
      });
      expect(stateOf('lotus', busy)).toEqual({
        type: 'waits',
        says: 'runs, as process 100, and does not answer in time: it may be busy',
      });
    }
  });
});

describe('the sync', () => {
  const status = (epoch: number, behind = 0) =>
    answer(
      `Sync Epoch: ${epoch}\nEpochs Behind: ${behind}\nPeers to Publish Messages: 4\nPeers to Publish Blocks: 5\n`,
    );
  const at = (epoch: number, waited: string, version = '1.11.1+mainnet+git.15d90c24e') =>
    deployedHost({
      running: running('lotus daemon'),
      answers: new Map([
        ['lotus-version', answer(`lotus version ${version}\n`)],
        ['status', status(epoch)],
        ['sync', answer(waited)],
      ]),
    });

  it('is done with Done! at the expected epoch', () => {
    expect(stateOf('sync', at(999_998, '\nDone!\n')).type).toBe('done');
  });

  it('is not done by an exit status, by Done! far behind, or without peers', () => {
    expect(stateOf('sync', at(1_000_000, '\nExit by user\n')).type).toBe('waits');
    expect(stateOf('sync', at(900_000, '\nDone!\n'))).toMatchObject({
      type: 'waits',
      says: expect.stringContaining('1000000 is expected'),
    });
    expect(stateOf('sync', at(900_000, ''))).toMatchObject({ says: expect.stringContaining('no peers') });
    expect(stateOf('sync', at(1_000_100, '\nDone!\n'))).toMatchObject({
      type: 'waits',
      says: expect.stringContaining('its time is wrong'),
    });
  });

  it('goes by Done! alone where the beginning of the chain is not known', () => {
    expect(stateOf('sync', at(77, '\nDone!\n', '1.11.1+2k+git.15d90c24e')).type).toBe('done');
  });

  it('is not known where lotus says something else, or does not run', () => {
    expect(stateOf('sync', deployedHost()).type).toBe('unknown');
    expect(stateOf('sync', at(1, 'what is this\n')).type).toBe('unknown');
  });
});

describe('the wallets', () => {
  it('are made where there are fewer than two', () => {
    expect(stateOf('wallets', wallets(table()))).toMatchObject({
      work: { steps: [{ present: 0, number: 2 }] },
    });
    expect(stateOf('wallets', wallets(table(`${OWNER}  0 FIL  0  X`)))).toMatchObject({
      work: { steps: [{ present: 1, number: 1 }] },
    });
  });

  it('are the default one as the owner, and the other as the worker', () => {
    expect(stateOf('wallets', wallets(BOTH))).toEqual({
      type: 'done',
      says: `owner ${OWNER}, worker ${WORKER}`,
    });
  });

  it('are named where the inventory names them, and have to be there', () => {
    const named = setupOf({ owner: WORKER, worker: OWNER });
    expect(stateOf('wallets', wallets(BOTH), named)).toEqual({
      type: 'done',
      says: `owner ${WORKER}, worker ${OWNER}`,
    });
    const strange = setupOf({ owner: `f1${'a'.repeat(39)}` });
    expect(stateOf('wallets', wallets(BOTH), strange)).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('no such wallet'),
    });
  });

  it('are not guessed among three, or where the worker would not be BLS', () => {
    const three = `${BOTH}f3${'c'.repeat(84)}  0 FIL  0\n`;
    expect(stateOf('wallets', wallets(three)).type).toBe('blocked');
    const secp = table(`${OWNER}  2 FIL  0  X`, `f1${'a'.repeat(39)}  0 FIL  0`);
    expect(stateOf('wallets', wallets(secp)).type).toBe('blocked');
  });

  it('are not made where the list is not understood', () => {
    expect(stateOf('wallets', wallets('panic\n')).type).toBe('unknown');
    expect(
      stateOf('wallets', wallets('', { answers: new Map([['wallets', answer('', 'ERROR: x\n\n', 1)]]) }))
        .type,
    ).toBe('unknown');
  });
});

describe('the funds', () => {
  it('are enough, or waited for, and a balance that is not said is none of both', () => {
    expect(stateOf('funds', wallets(BOTH))).toEqual({ type: 'done', says: `${OWNER} has 2 FIL` });
    expect(stateOf('funds', wallets(BOTH), setupOf({ minFunds: 2.5 }))).toMatchObject({
      type: 'waits',
      says: expect.stringContaining(`${OWNER} has 2 FIL, 2.5 FIL are needed: send them there`),
    });
    const failing = table(OWNER, '  Error: lookup failed', `${WORKER}  0 FIL  0`);
    const named = setupOf({ owner: OWNER, worker: WORKER });
    expect(stateOf('funds', wallets(failing), named)).toMatchObject({
      type: 'unknown',
      says: expect.stringContaining('lookup failed'),
    });
  });

  it('are sent only once the keys are backed up, and how is told', () => {
    const { says } = stateOf('funds', wallets(BOTH), setupOf({ minFunds: 2.5 }));
    expect(says).toContain(
      'back up the keys of both wallets first, which are in lotus alone (lotus wallet export)',
    );
  });

  it('that could not be looked up are told as that, not as wallets that are not named', () => {
    for (const text of [
      table(OWNER, '  Error: actor lookup failed', `${WORKER}  0 FIL  0`),
      table(OWNER, '  Error: actor lookup failed', WORKER, '  Error: actor lookup failed'),
    ])
      for (const name of ['wallets', 'funds', 'init'] as const)
        expect(stateOf(name, wallets(text))).toEqual({
          type: 'unknown',
          says: expect.stringContaining(`the balance of ${OWNER}: actor lookup failed`),
        });
  });

  it('of zero are never enough', () => {
    const none = table(`${OWNER}  0 FIL  0  X`, `${WORKER}  0 FIL  0`);
    expect(stateOf('funds', wallets(none), setupOf({ minFunds: 0 })).type).toBe('waits');
  });
});

describe('the creation of the miner', () => {
  const init = (text: string | null, own: Partial<HostState> = {}) =>
    stateOf('init', {
      ...wallets(BOTH),
      ...own,
      texts: new Map([...deployedHost().texts, ...(text === null ? [] : [[INIT_LOG, text] as const])]),
    });

  it('asks first, and says who pays', () => {
    expect(init(null)).toMatchObject({
      type: 'to do',
      work: {
        confirm: { lines: [`owner   ${OWNER}, 2 FIL`, `worker  ${WORKER}`, 'sectors of 64GiB'] },
        steps: [{ step: 'init-miner', owner: OWNER, worker: WORKER }],
      },
    });
  });

  it('never happens where a repository is, whoever made it', () => {
    const runs = { entries: MADE, running: running('lotus daemon', 'lotus-miner run') };
    expect(init(null, runs).type).toBe('done');
    expect(init(null, { entries: HAS_RUN }).type).toBe('done');
    expect(
      init(log(BEGUN, SENT, 'Created new miner: f01', 'Miner successfully created'), { entries: MADE }),
    ).toEqual({
      type: 'done',
      says: 'f01, and the inventory has f0494733',
    });
  });

  it('is not there with half a repository, and what to do about it is told', () => {
    const half = { ...wallets(BOTH), ...withTexts({ [INIT_LOG]: log(BEGUN, SENT) }), entries: MADE };
    const state = stateOf('init', half);
    expect(state).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('/opt/raid0/lotusminer is half made, and nothing is lost on the chain'),
    });
    const said = state.type === 'blocked' ? sayNext(state.next) : '';
    expect(said).toContain('lotus state search-msg bafy2bzacea');
    expect(said).toContain('mv -T /opt/raid0/lotusminer /opt/raid0/lotusminer.half && mv');
    expect(said).toContain('lotus-miner init --no-local-storage --actor f0… --sector-size 64GiB');
    for (const name of ['miner', 'storage', 'backup'] as const)
      expect(stateOf(name, half).type).toBe('unknown');
    expect(stateOf('funds', half)).not.toMatchObject({ says: expect.stringContaining('the miner is there') });
  });

  it('is not there with a repository that no log tells of, and that lotus-miner never ran from', () => {
    const state = init(null, { entries: MADE });
    expect(state).toMatchObject({ type: 'blocked', says: expect.stringContaining('it may be half made') });
    const said = state.type === 'blocked' ? sayNext(state.next) : '';
    expect(said).toContain('fcops deploy miner --start --miner f0494733');
    expect(said).toContain(`lotus state list-messages --cids --from ${OWNER} --to f04`);
    expect(said).not.toContain('init.log.half');
  });

  it('is waited for where one is under way', () => {
    expect(init(log(BEGUN, SENT), { running: running('lotus daemon', 'lotus-miner init') })).toMatchObject({
      type: 'waits',
      says: expect.stringContaining('bafy2bzacea'),
    });
  });

  it('is not done again by itself once its message was sent', () => {
    const failed = `${log(BEGUN, SENT)}${log('Failed to initialize lotus-miner: timeout')}ERROR: Storage-miner init failed\n\n`;
    expect(init(failed)).toMatchObject({ type: 'blocked', why: 'timeout' });
    expect(init(log(BEGUN, SENT)).type).toBe('blocked');
    expect(init(log(BEGUN, SENT), { entries: MADE }).type).toBe('blocked');
    expect(init(log(BEGUN), { entries: MADE }).type).toBe('blocked');
    expect(init(log(BEGUN, 'Created new miner: f01', 'Miner successfully created')).type).toBe('blocked');
    expect(init('what is this\n').type).toBe('unknown');
  });

  it('is done again where nothing was sent, and where nothing would be lost', () => {
    const failed = `${log(BEGUN)}${log('Failed to initialize lotus-miner: no gas')}ERROR: Storage-miner init failed\n\n`;
    expect(init(failed)).toMatchObject({ type: 'to do', says: expect.stringContaining('no gas') });
    expect(init(failed, { files: new Map([['/opt/raid0/lotusminer/notes', 3]]) }).type).toBe('blocked');
  });
});

describe('the storage', () => {
  const nas = {
    storage: [
      {
        type: 'nfs' as const,
        name: 'nas',
        path: '/nas',
        on: ['miner' as const],
        options: [],
        sectors: true,
        source: '192.168.51.110:/export',
      },
    ],
  };
  const storage = (text: string, ...entries: readonly string[]) =>
    stateOf(
      'storage',
      withTexts(
        { '/opt/raid0/lotusminer/storage.json': text },
        {
          entries: new Map([...MADE, ...entriesOf(...entries)]),
          running: running('lotus daemon', 'lotus-miner run'),
        },
      ),
      setupOf({}, nas),
    );
  const LISTED = '{"StoragePaths": [{"Path": "/nas"}]}';
  const NONE = '{"StoragePaths": null}';

  it('is attached once, and asked for', () => {
    expect(storage(NONE)).toMatchObject({ type: 'to do', work: { confirm: {}, steps: [{ path: '/nas' }] } });
    expect(storage(LISTED, '/nas/sectorstore.json').type).toBe('done');
  });

  it('is never attached, and not asked for, where something else is mounted, or nothing', () => {
    const at = (mounts: HostState['mounts']) =>
      stateOf(
        'storage',
        withTexts(
          { '/opt/raid0/lotusminer/storage.json': NONE },
          { entries: MADE, running: running('lotus daemon', 'lotus-miner run'), mounts },
        ),
        setupOf({}, nas),
      );
    expect(at(new Map([['/nas', { fstype: 'tmpfs', source: 'none' }]]))).toMatchObject({
      type: 'blocked',
      says: 'tmpfs (none) is mounted at /nas, wanted is nas: nfs (192.168.51.110:/export)',
    });
    expect(at(new Map([['/nas', { fstype: 'nfs4', source: '192.168.51.9:/export' }]])).type).toBe('blocked');
    expect(at(new Map())).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('nothing is mounted at /nas'),
      next: [{ words: ['deploy', 'miner', '--tags', 'storage'] }, {}],
    });
  });

  it('is left alone where it is there by halves, or not understood', () => {
    expect(storage(LISTED)).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('may not be mounted'),
    });
    expect(storage(NONE, '/nas/sectorstore.json')).toMatchObject({
      type: 'blocked',
      says: expect.stringContaining('another miner'),
    });
    expect(storage('{').type).toBe('unknown');
  });
});

describe('the backup and the API', () => {
  it('are seen in their files', () => {
    const seen = withTexts(
      { '/opt/raid0/lotusminer/api': '/ip4/192.168.10.1/tcp/2345/http' },
      {
        entries: new Map([...MADE, ...entriesOf('/opt/raid0/lotusminer/token')]),
        running: running('lotus-miner run'),
        files: new Map([['/opt/raid0/minerbackup/f0494733-first.backup', 7]]),
      },
    );
    expect(stateOf('backup', seen).type).toBe('done');
    expect(stateOf('api', seen)).toEqual({ type: 'done', says: '/ip4/192.168.10.1/tcp/2345/http' });
    const empty = { ...seen, files: new Map([['/opt/raid0/minerbackup/f0494733-first.backup', 0]]) };
    expect(stateOf('backup', empty).type).toBe('to do');
    expect(stateOf('api', { ...seen, running: new Map() }).type).toBe('unknown');
  });
});

it('knows by its clock where mainnet is', () => {
  expect(NOW).toBe(1_628_306_400);
});
