import fc from 'fast-check';
import type { Content } from '../../../src/core/content.ts';
import { contentOf } from '../../../src/core/content.ts';
import type { Step } from '../../../src/resources/kinds.ts';

/** Values of secrets with everything that shells, JSON and base64 stumble on. */
export const SECRETS: Readonly<Record<string, string>> = {
  'env TOKEN': 'pl4nted \'a\' "b" $c `d` \\ é中\n',
  'file key': 'pl4nted-plain',
};
export const reveal = (name: string): string => SECRETS[name] ?? '';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.string({ minLength: 1, maxLength: 12 });
const lines = fc.array(text, { maxLength: 3 });
const deadline = fc.integer({ min: 1, max: 7200 });
const content: fc.Arbitrary<Content> = fc
  .array(
    fc.oneof(
      text,
      fc.record({
        secret: fc.constantFrom(...Object.keys(SECRETS)),
        as: fc.constantFrom('plain' as const, 'shell' as const),
      }),
    ),
    { maxLength: 5 },
  )
  .map((segments) => contentOf(...segments));
const owned = { mode: fc.constantFrom('0644', '0600', '0755'), owner: name, group: name };
const only = <Name extends string>(step: Name) => fc.constant(step);
/** JSON can hold the key `__proto__` and the schema leaves it out: no setting has that name. */
const setting = name.filter((key) => key !== '__proto__');
const table = fc.dictionary(setting, text, { maxKeys: 3 });
/** A script that can stand in a here-document of ours. */
const script = lines.map((all) => all.map((line) => `: ${JSON.stringify(line)}`).join('\n'));

const known = fc.oneof(
  fc.record({ by: only('argument') }),
  fc.record({
    by: only('environment'),
    program: name,
    command: name,
    flags: fc.array(name),
    variables: fc.array(name),
    fallback: name,
  }),
);
const readiness = fc.oneof(
  fc.record({ type: only('lotus-in-sync'), profile: name, deadline: fc.nat() }),
  fc.record({ type: only('miner-answers'), profile: name, miner: fc.option(name), deadline: fc.nat() }),
  fc.record({ type: only('lotus-answers'), profile: name, deadline: fc.nat() }),
);

/** Each with a unit or without. */
const START = {
  step: only('start-process'),
  name,
  repository: name,
  known,
  log: name,
  port: fc.nat(),
  run: script,
  pause: fc.nat(),
  leftovers: fc.option(name, { nil: null }),
  pages: fc.option(fc.record({ kib: fc.nat(), count: fc.nat() }), { nil: null }),
  before: fc.option(readiness, { nil: null }),
  ready: fc.option(readiness, { nil: null }),
  deadline,
};
const STOP = {
  step: only('stop-process'),
  name,
  repository: name,
  known,
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  ticks: fc.nat(),
  beside: fc.array(fc.nat()),
  wait: fc.nat(),
  killAfter: fc.option(fc.nat()),
  leftovers: fc.option(name),
  deadline,
};

const INIT = {
  step: only('init-process'),
  name,
  repository: name,
  cache: name,
  run: script,
  deadline,
};

/** A step of every kind; the type holds this list to the schema. */
export const STEPS: { readonly [Kind in Step['step']]: fc.Arbitrary<Extract<Step, { step: Kind }>> } = {
  'put-file': fc.record({ step: only('put-file'), path: name, ...owned, content, seen: text, deadline }),
  'rewrite-file': fc.record({ step: only('rewrite-file'), path: name, ...owned, text, seen: text, deadline }),
  'set-ownership': fc.record({ step: only('set-ownership'), path: name, ...owned, deadline }),
  'pledge-sector': fc.record({ step: only('pledge-sector'), profile: name, deadline }),
  'take-backup': fc.record({ step: only('take-backup'), script: name, deadline }),
  'restore-miner': fc.record({
    step: only('restore-miner'),
    profile: name,
    repository: name,
    log: name,
    metadata: name,
    sha256: name,
    config: name,
    storage: name,
    known,
    deadline,
  }),
  'put-directory': fc.record({ step: only('put-directory'), path: name, ...owned, deadline }),
  'put-link': fc.record({
    step: only('put-link'),
    path: name,
    target: name,
    mustExist: fc.boolean(),
    seen: text,
    deadline,
  }),
  'edit-lines': fc.record({
    step: only('edit-lines'),
    path: name,
    line: fc.option(text),
    drop: lines,
    deadline,
  }),
  'edit-crontab': fc.record({
    step: only('edit-crontab'),
    user: name,
    seen: text,
    line: fc.option(text),
    drop: lines,
    deadline,
  }),
  'install-packages': fc.record({
    step: only('install-packages'),
    manager: fc.constantFrom('apt' as const, 'yum' as const),
    names: lines,
    mayRemove: lines,
    mayUpgrade: lines,
    keys: table,
    proxy: fc.option(text, { nil: null }),
    deadline,
  }),
  'put-archive': fc.record({
    step: only('put-archive'),
    url: text,
    sha256: text,
    directory: name,
    keep: fc.nat(),
    links: lines,
    members: lines,
    credentials: fc.option(content, { nil: null }),
    proxy: fc.option(text, { nil: null }),
    deadline,
  }),
  'set-sysctl': fc.record({ step: only('set-sysctl'), settings: table, deadline }),
  mount: fc.record({ step: only('mount'), target: name, fstype: name, sizes: lines, deadline }),
  'mount-storage': fc.record({ step: only('mount-storage'), target: name, fstypes: lines, deadline }),
  'put-unit': fc.record({
    step: only('put-unit'),
    name,
    enabled: fc.constantFrom('enabled' as const, 'disabled' as const, null),
    active: fc.constantFrom('started' as const, 'stopped' as const, null),
    deadline,
  }),
  'daemon-reload': fc.record({ step: only('daemon-reload'), deadline }),
  'remove-units': fc.record({ step: only('remove-units'), path: name, units: lines, deadline }),
  'reexec-manager': fc.record({ step: only('reexec-manager'), properties: table, deadline }),
  'set-hostname': fc.record({ step: only('set-hostname'), name, deadline }),
  'update-grub': fc.record({
    step: only('update-grub'),
    family: fc.constantFrom('debian' as const, 'redhat' as const),
    arguments: lines,
    deadline,
  }),
  'allocate-hugepages': fc.record({
    step: only('allocate-hugepages'),
    unit: name,
    pageKib: fc.nat(),
    perNode: fc.array(fc.nat(), { maxLength: 8 }),
    users: fc.array(
      fc.record({ name, pages: fc.array(fc.record({ node: fc.nat(), pages: fc.nat() }), { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
    deadline,
  }),
  'run-command': fc.record({ step: only('run-command'), name, guard: script, run: script, deadline }),
  'start-process': fc.oneof(fc.record(START), fc.record({ ...START, unit: name })),
  reboot: fc.record({ step: only('reboot'), boot: name, deadline }),
  'stop-process': fc.oneof(fc.record(STOP), fc.record({ ...STOP, unit: name })),
  'init-process': fc.oneof(fc.record(INIT), fc.record({ ...INIT, unit: name })),
  'fetch-file': fc.record({
    step: only('fetch-file'),
    url: text,
    sha256: text,
    path: name,
    credentials: fc.option(content, { nil: null }),
    proxy: fc.option(text, { nil: null }),
    deadline,
  }),
  'import-chain': fc.record({
    step: only('import-chain'),
    profile: name,
    repository: name,
    snapshot: name,
    log: name,
    known,
    over: fc.boolean(),
    deadline,
  }),
  'copy-parameters': fc.record({
    step: only('copy-parameters'),
    directory: name,
    from: fc.record({ directory: name, user: name, address: name, port: fc.nat() }),
    names: lines,
    deadline,
  }),
  'fetch-parameters': fc.record({
    step: only('fetch-parameters'),
    profile: name,
    size: name,
    log: name,
    deadline,
  }),
  'make-wallets': fc.record({
    step: only('make-wallets'),
    profile: name,
    present: fc.nat(),
    number: fc.nat(),
    deadline,
  }),
  'init-miner': fc.record({
    step: only('init-miner'),
    profile: name,
    repository: name,
    log: name,
    owner: name,
    worker: name,
    size: name,
    known,
    deadline,
  }),
  'attach-storage': fc.record({
    step: only('attach-storage'),
    profile: name,
    repository: name,
    path: name,
    deadline,
  }),
  'update-sector': fc.record({
    step: only('update-sector'),
    profile: name,
    sector: fc.nat(),
    from: name,
    to: name,
    deadline,
  }),
  'remove-sector': fc.record({
    step: only('remove-sector'),
    profile: name,
    sector: fc.nat(),
    from: name,
    deadline,
  }),
  'abort-job': fc.record({
    step: only('abort-job'),
    profile: name,
    id: name,
    sector: fc.nat(),
    task: name,
    state: name,
    deadline,
  }),
  'backup-metadata': fc.record({
    step: only('backup-metadata'),
    profile: name,
    repository: name,
    directory: name,
    name,
    deadline,
  }),
  'restore-file': fc.record({
    step: only('restore-file'),
    path: name,
    copy: name,
    sha256: name,
    seen: name,
    deadline,
  }),
  'restore-grub': fc.record({
    step: only('restore-grub'),
    path: name,
    copy: name,
    sha256: name,
    seen: name,
    deadline,
  }),
  'take-away': fc.record({ step: only('take-away'), path: name, seen: name, deadline }),
  'restore-crontab': fc.record({
    step: only('restore-crontab'),
    user: name,
    seen: name,
    copy: fc.option(name),
    deadline,
  }),
};

/** Any step. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(...Object.values<fc.Arbitrary<Step>>(STEPS));
