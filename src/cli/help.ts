import { EXIT } from './exit.ts';
import { schemaExamples } from './schemas.ts';

/** What `fcops` alone says. */
export const OVERVIEW = `fcops provisions and runs the machines of a Filecoin storage provider over SSH.

  fcops init f0494733               write a cluster file to begin with
  fcops inventory check             say all that is wrong with cluster files
  fcops trust --miner f0494733      show the host keys, ask, record them
  fcops plan p1 --miner f0494733    what would change; touches nothing
  fcops deploy p1 --miner f0494733  show the plan, ask, do it
  fcops status --miner f0494733     what runs, and what is wrong
  fcops verify --miner f0494733     whether all is as it should be
  fcops doctor --miner f0494733     why work stands still, and what mends it
  fcops layout amd-7532             which process gets which cores and pages

Also: adopt, apply, artifacts, backup, bootstrap, check, completion, exec,
facts, jobs, logs, pledge, preflight, reboot, recover, render, restart,
restore, resume, rollback, rotate, runs, schema, secrets, sectors, show, start,
stop, support, upgrade, window, workers.
fcops help COMMAND explains one, with examples. An inventory is one YAML file
per miner id, in ./inventories (--inventory DIR for another place).
`;

/** Command lines, each with what it is for. */
export type Examples = readonly (readonly [string, string])[];

/** Examples by command, as its help, its page in docs/ and the man page show them: a command without any is not declared. */
export const EXAMPLES = {
  init: [
    ['fcops init f0494733', 'inventories/f0494733.yaml, with a P1 and a C2 host; or what that lacks'],
    ['fcops init f0494733 --role p1', 'a P1 host alone'],
    ['fcops init f0494733 --inventory ~/clusters', 'in another directory, which is made where it is missing'],
  ],
  plan: [
    ['fcops plan p1 --miner f0494733', 'all P1 hosts of a miner'],
    ["fcops plan p1 --miner f0494733 --limit 'p1-5*,!p1-53'", 'some of them'],
    ['fcops plan c2 --miner f0494733 --tags scripts,profile', 'only some tasks'],
    ['fcops plan p1 --miner f0494733 --full', 'new files as a whole'],
    [
      'fcops plan p1 --miner f0494733 --detailed-exitcode --output json',
      'in CI: exit code 2 says "changes", 4 "a reboot or restart is owed", 8 "not as required", added up',
    ],
    [
      'fcops plan all --miner all --base origin/main',
      'ask no host: what the changes of this branch do to which hosts, by the files alone',
    ],
    [
      'fcops plan all --miner f0494733 --base origin/main --output markdown > comment.md',
      'the same as the comment of a pull request',
    ],
    [
      'fcops plan all --miner f0494733 --only-drift --detailed-exitcode --output junit',
      'every night: what somebody has changed by hand',
    ],
    [
      'fcops plan p1 --miner f0494733 --out p1.plan --valid 72h',
      'save it for a review: what is applied later is what was reviewed',
    ],
  ],
  show: [
    ['fcops show p1.plan', 'what a saved plan would do, without asking any host'],
    ['fcops show p1.plan --full', 'new files as a whole'],
    ['fcops show p1.plan --output json', 'with digest, maker and expiry, for scripts'],
    ['fcops show p1.plan --output markdown > comment.md', 'as the comment of a pull request'],
  ],
  apply: [
    ['fcops apply p1.plan', 'looks whether all is as it was, shows the plan, asks once'],
    ['fcops apply p1.plan --yes', 'in scripts: nothing is touched where one host is not as it was'],
    ['fcops apply p1.plan --partial --yes', 'goes on with the others then'],
    ['fcops apply p1.plan --batch 1,25%,100%', 'one host alone, then quarters, then the rest'],
  ],
  deploy: [
    ['fcops deploy p1 --miner f0494733', 'shows the plan, asks once'],
    ["fcops deploy p1 --miner f0494733 --limit 'p1-[50:53]'", 'four hosts'],
    ['fcops deploy p1 --miner f0494733 --limit group:rack-a', 'a group of the inventory'],
    ['fcops deploy p1 --miner f0494733 --limit @failed', 'once more where the last run did not end well'],
    ['fcops deploy c2 --miner f0494733 --yes', 'in scripts: does not ask'],
    ['fcops deploy p1 --miner f0494733 --start', 'start the workers too, and init APx where it is missing'],
    [
      'fcops deploy p1 --miner f0494733 --reboot --start',
      'new machines all the way: reboot, look at huge pages and GPUs, start, look that all is registered',
    ],
    ['fcops deploy apx --miner f0730670', 'machines that run only APx'],
    ['fcops deploy p1 --miner f0494733 --batch 1,25%,100%', 'one host alone, then quarters, then the rest'],
    ['fcops deploy p1 --miner f0494733 --yes --output json', 'one event per line'],
  ],
  start: [
    ['fcops start p1 --miner f0494733', 'what does not run on the P1 hosts; asks first'],
    ['fcops start miner --miner f0494733', 'lotus, and lotus-miner when it is in sync'],
    ['fcops start p1-50 --process P1-3', 'a single one'],
  ],
  stop: [
    ['fcops stop p1-50 --drain', 'no new tasks, wait for those that run, then stop'],
    [
      'fcops stop p1 --miner f0494733 --drain finalize',
      'wait for FinalizeSector alone: other tasks are lost',
    ],
    ['fcops stop c2-10 c2-11 --kill-after 60s', 'two hosts; kill what has not ended after a minute'],
    ['fcops stop p1-50 --process P1-3 --lose-tasks --yes', 'whatever it is at, and without asking'],
    ['fcops stop miner --miner f0494733', 'lotus-miner, then lotus; refused where a proof would be lost'],
  ],
  restart: [
    ['fcops restart p1-50 --process P1-3', 'a single one, where it is at no task'],
    [
      'fcops restart p1 --miner f0494733 --drain --batch 1,25%',
      'all P1 hosts without losing a task, one host first',
    ],
    ['fcops restart miner --miner f0494733', 'lotus-miner and lotus, with a new version for example'],
    [
      'fcops restart miner --miner f0494733 --wait-for-window --yes',
      'the same when no proof would be lost, however long that takes',
    ],
    ['fcops restart c2 --miner f0494733 --drain --drain-timeout 1h --yes --output json', 'in scripts'],
  ],
  reboot: [
    ['fcops reboot p1-50 --drain', 'one machine, when its tasks have ended'],
    ['fcops reboot p1 --miner f0494733 --drain', 'all P1 hosts, one after the other'],
    [
      'fcops reboot miner --miner f0494733 --wait-for-window',
      'the miner host, when no proof would be lost; starts lotus, then lotus-miner',
    ],
    [
      'fcops reboot c2 --miner f0494733 --drain --batch 1,25% --reboot-timeout 45m --yes',
      'in scripts: one, then quarters',
    ],
  ],
  recover: [
    ['fcops recover p1-50 --lose-tasks', 'it has lost its GPU: what runs there is not waited for'],
    ['fcops recover miner-1 --wait-for-window', 'the miner host: lotus, its sync, lotus-miner'],
    ['fcops recover c2-10 --wait 30m', 'somebody has just powered it; no second reboot'],
    [
      'fcops recover p1-50 --drain --report p1-50.txt',
      'with a report for those who mend it, where that is needed',
    ],
  ],
  upgrade: [
    [
      'fcops upgrade --role c2 --ver 1.11.1-39c692f52-intel --miner f0494733',
      'one C2 host first, then quarters',
    ],
    [
      'fcops upgrade --role all --ver 1.11.1-39c692f52 --ver 1.11.1-39c692f52-intel',
      'Intel and AMD machines: each the version that is built for it',
    ],
    [
      'fcops upgrade --role p1 --ver 1.11.1-39c692f52 --limit p1-50 --drain finalize',
      'one P1 host, waiting for FinalizeSector alone: other tasks are lost',
    ],
    [
      'fcops upgrade --role miner --ver 1.11.1-39c692f52 --sha256 "$(cut -c1-64 miner.sha256)"',
      'lotus-miner, with a checksum that the inventory does not have yet',
    ],
    [
      'fcops upgrade --role c2 --ver 1.11.1-39c692f52-intel --batch 1,50% --max-fail 1 --yes --output json',
      'in scripts',
    ],
  ],
  'rotate token': [
    ['fcops rotate token --miner f0494733 --dry-run', 'who has another token, what each is at, for how long'],
    ['fcops rotate token --miner f0494733', 'shows the profiles, then the workers; asks before each'],
    ['fcops rotate token --miner f0494733 --limit p1-50 --drain-timeout 8h --yes', 'one host, in a script'],
  ],
  resume: [
    ['fcops resume last', 'the newest run of this machine'],
    ['fcops resume x7k2q', 'one by a part of its name'],
  ],
  rollback: [
    ['fcops rollback --dry-run', 'what would be put back of the last run that changed something'],
    ['fcops rollback', 'the same, and do it: asks once'],
    ["fcops rollback x7k2q --limit 'p1-[50:53]'", 'an older one, on four of its hosts'],
  ],
  'runs list': [
    ['fcops runs', 'when, who, what, and how it ended'],
    ['fcops runs --failed --output json', 'those that did not end well, as JSON'],
  ],
  'runs show': [['fcops runs show last', 'host by host']],
  'secrets init': [
    ['fcops secrets init', 'your private key in ~/.config/fcops/age.key, your public one in the repository'],
    ['fcops secrets init --name "ci of the farm" --identity ci.key', 'a key for a machine that deploys'],
  ],
  'secrets set': [
    ['fcops secrets set f0494733-token', 'asks twice, and shows nothing'],
    ['cat token | fcops secrets set f0494733-token', 'from a file'],
    ['openssl rand -hex 16 | fcops secrets set artifacts', 'one that nobody has ever seen'],
  ],
  'secrets edit': [['fcops secrets edit f0494733-token', 'in $EDITOR']],
  'secrets list': [
    ['fcops secrets list', 'names, who can decrypt, where they are named'],
    ['fcops secrets list --output json', 'the same for programs'],
  ],
  'secrets rotate': [['fcops secrets rotate', 'after a change of secrets/recipients.txt']],
  'secrets check': [
    ['fcops secrets check', 'all that is wrong, a line each'],
    ['fcops secrets check --no-exec --output json', 'in CI, where no vault is to be asked'],
  ],
  'inventory list': [
    ['fcops inventory list', 'clusters and their hosts'],
    ['fcops inventory list --miner f0494733 --limit p1 --output json', 'the P1 hosts of one, as JSON'],
  ],
  'inventory check': [
    ['fcops inventory check', 'every file below ./inventories'],
    ['fcops inventory check --inventory ~/clusters', 'files in another directory'],
  ],
  'inventory show': [
    ['fcops inventory show p1-50', 'everything that counts for one host'],
    ['fcops inventory show p1-50 --miner f0494733', 'where two clusters have a host of that name'],
  ],
  'inventory explain': [
    ['fcops inventory explain p1-50', 'every value of a host, and where it stands'],
    ['fcops inventory explain p1-50 variables', 'those below a key'],
    ['fcops inventory explain p1-50 ssh.proxyJump --output json', 'one of them, for programs'],
  ],
  'inventory add-host': [
    ['fcops inventory add-host p1-74 192.168.10.74 --role p1 --profile amd-7532', 'one P1 host more'],
    [
      "fcops inventory add-host 'p1-[74:79]' '192.168.10.[74:79]' --role p1 --profile amd-7532 --miner f0494733",
      'six of them, and of which miner, where there are several',
    ],
    [
      'fcops inventory add-host c2-13 192.168.10.13 --role c2 --profile intel-4216 --os ubuntu-22.04 --dry-run',
      'only shows what would change',
    ],
  ],
  'artifacts hash': [
    ['fcops artifacts hash lotus-worker-*.tar.gz', 'of files here, as lines for artifacts.sha256'],
    [
      'fcops artifacts hash lotus-worker-1.11.1-39c692f52.tar.gz --write --miner f0494733',
      'of the archive at artifacts.url, and into the inventory',
    ],
    ['fcops artifacts hash https://example.com/lotus-1.11.1.tar.gz', 'of a URL'],
  ],
  schema: [
    ['fcops schema > inventory.schema.json', 'for the YAML extension of an editor'],
    ...schemaExamples(),
  ],
  layout: [
    ['fcops layout amd-7532', 'P1 with 64 GiB sectors'],
    ['fcops layout amd-7532 --sector-size 32GiB', 'P1 with 32 GiB sectors'],
    ['fcops layout intel-4216 --role c2 --svg c2.svg', 'as a picture too'],
    ['fcops layout amd-7532 --role apx', 'a machine that runs APx alone'],
  ],
  status: [
    ['fcops status --miner f0494733', 'all hosts: trouble first, what is alike once'],
    ['fcops status --miner f0494733 --role p1,c2 --watch', 'the workers, repainted until Ctrl-C'],
    ['fcops status --miner f0494733 --limit p1-50', 'one host, process by process'],
    ['fcops status --miner f0494733 --output prometheus', 'for the textfile collector of node_exporter'],
    ['fcops status --miner f0494733 --output junit > status.xml', 'in CI: a test suite a host'],
  ],
  'jobs list': [
    ['fcops jobs --miner f0494733', 'late ones first, then how many tasks of each stage each host has'],
    [
      'fcops jobs --miner f0494733 --late --detailed-exitcode',
      'only what is late; in cron: exit code 8 then',
    ],
    ['fcops jobs --miner f0494733 --limit p1-50 --task PC1', 'the P1 tasks of one host, one by one'],
    ['fcops jobs --miner f0494733 --output json', 'every task, for programs'],
  ],
  'jobs abort': [
    ['fcops jobs abort --lost --miner f0494733', 'shows which are lost for good, asks once, aborts them'],
    ['fcops jobs abort --lost --miner f0494733 --dry-run', 'only shows them'],
    ['fcops jobs abort 13aa09cd --miner f0494733', 'a single one by its id, whatever it is at'],
    [
      'fcops jobs abort --lost --miner f0494733 --yes --output json',
      'in scripts: does not ask; one document',
    ],
  ],
  'sectors list': [
    ['fcops sectors --miner f0494733', 'how many in which state, and why the failed ones failed'],
    ['fcops sectors --miner f0494733 --state PreCommitWait', 'those in another state'],
    ['fcops sectors --miner f0494733 --detailed-exitcode', 'in cron: exit code 8 where one has failed'],
  ],
  'sectors retry': [
    ['fcops sectors retry 1041 1043 --miner f0494733', 'two sectors'],
    ['fcops sectors retry --state PreCommitFailed --miner f0494733', 'the first ten in that state'],
    [
      'fcops sectors retry 1041-1060 --limit 20 --miner f0494733 --dry-run',
      'only shows what they go on with',
    ],
  ],
  'sectors discard': [
    [
      'fcops sectors discard --state SealPreCommit1Failed --miner f0494733 --dry-run',
      'what would be given up, and what is lost',
    ],
    [
      'fcops sectors discard --state SealPreCommit1Failed --limit 30 --miner f0494733',
      'the first thirty; asks once',
    ],
    [
      'fcops sectors discard 1041 --miner f0494733 --yes --output json',
      'in scripts: does not ask; one document',
    ],
  ],
  'sectors remove': [
    ['fcops sectors remove 1041 1043 --miner f0494733 --dry-run', 'what would go'],
    [
      'fcops sectors remove 1041 1043 --miner f0494733 --really-do-it',
      'with their files; asks for the numbers again',
    ],
  ],
  workers: [
    ['fcops workers --miner f0494733', 'what is not registered first, then hosts that are alike once'],
    ['fcops workers --miner f0494733 --limit p1-50', 'one host, process by process'],
    ['fcops workers --miner f0494733 --output json', 'for programs'],
  ],
  window: [
    ['fcops window --miner f0494733', 'whether the miner may be stopped now, and when it may today'],
    ['fcops window --miner f0494733 --downtime 8m', 'the same for a restart that takes 8 minutes'],
    ['fcops window --miner f0494733 --output json', 'for programs; exit code 0 says that it may'],
  ],
  verify: [
    ['fcops verify --miner f0494733', 'what is not right, by name; exit code 1 when anything is'],
    [
      'fcops verify --miner f0494733 --role p1 --wait 10m',
      'after a start: until all is right, or ten minutes',
    ],
    [
      'fcops verify --miner f0494733 --output junit > verify.xml',
      'in CI: a test suite a host, a case a check',
    ],
  ],
  doctor: [
    ['fcops doctor --miner f0494733', 'what is wrong, the worst first, with its price and what mends it'],
    ['fcops doctor p1-50', 'one host, and what all hosts wait for'],
    ["fcops doctor 'c2-*' --miner f0494733 --full", 'all that was seen of each finding'],
    ['fcops doctor --miner f0494733 --output json', 'for programs; exit code 1 when anything is found'],
  ],
  exec: [
    ['fcops exec p1-50 -- lotus-worker info', 'on one host, with the variables of its profile'],
    ["fcops exec 'p1-*' -- 'df -h | grep raid0'", 'on many, a line of bash; asks first'],
    [
      'fcops exec miner --miner f0494733 --timeout 2m -- lotus-miner proving deadlines',
      'on the miner host; ends it after 2 minutes',
    ],
    [
      'fcops exec all --miner f0494733 --yes --output json -- uptime',
      'in scripts: does not ask; one object with each host',
    ],
  ],
  support: [
    ['fcops support p1-50', 'fcops-support-p1-50-….tar.gz in the directory where you are'],
    ['fcops support c2-10 --miner f0494733 --out /tmp/c2-10.tar.gz', 'under a name of your own'],
  ],
  pledge: [
    ['fcops pledge 28 --miner f0494733', 'shows where they would go, asks once, does it'],
    ['fcops pledge 672 --miner f0494733 --dry-run', 'only shows it'],
    ['fcops pledge 14 --miner f0494733 --yes --output json', 'in scripts: does not ask; one document'],
  ],
  backup: [
    ['fcops backup miner --miner f0494733', 'takes one now, and lists what is there'],
    ['fcops backup miner --miner f0494733 --output json', 'in scripts'],
  ],
  restore: [
    ['fcops restore miner --miner f0494733 --check', 'lists the backups, and what stands against a restore'],
    ['fcops restore miner --miner f0494733', 'from the newest that is good; asks first'],
    ['fcops restore miner --miner f0494733 --from f0494733-20261122T061700Z', 'from one that is named'],
    ['fcops restore miner --miner f0494733 --from /root/f0494733.cbor', 'from a file on the miner host'],
  ],
  logs: [
    ['fcops logs p1-50', 'the last 20 lines of each of its processes'],
    ['fcops logs p1 --miner f0494733 --process P1-3 -f', 'of one process on all P1 hosts, and what is added'],
    ["fcops logs 'c2-1*' --grep 'ERROR|panic' -n 5", 'the last 5 lines of each that match'],
    ['fcops logs miner --miner f0494733 --process lotus-miner -f --output json', 'an object a line'],
  ],
  preflight: [
    ['fcops preflight --miner f0494733', 'all hosts: what would fail first, what is fine in one line'],
    ['fcops preflight p1 --miner f0494733', 'the P1 hosts, before they are deployed and started'],
    ['fcops preflight p1-50 p1-51 --output json', 'two hosts, as JSON'],
    ['fcops preflight --miner f0494733 --output junit > preflight.xml', 'in CI: a test suite a host'],
  ],
  check: [
    ['fcops check', 'every cluster file below ./inventories, and what belongs to it'],
    [
      'fcops check --templates templates --profiles profiles',
      'with templates and hardware models of your own',
    ],
    ['fcops check --miner f0494733', 'one cluster; of the others what both have'],
    ['fcops check --output github', 'in a workflow of GitHub: each finding at its line of the pull request'],
    ['fcops check --output junit > check.xml', 'for other CI: a suite an area, a case a rule'],
  ],
  facts: [
    ['fcops facts p1-50', 'CPU, memory, NUMA, GPUs, disks of one machine'],
    ['fcops facts p1-50 p1-51 --output json', 'of several, as JSON'],
    ['fcops facts --miner f0494733 --limit p1', 'of all P1 hosts'],
    ['fcops facts c2-10 --save', 'keep them beside the inventory, for fcops render'],
  ],
  render: [
    ['fcops render p1 --miner f0494733 --out /tmp/p1', 'DIR/<host>/<path on the host>; no host is asked'],
    [
      'fcops render c2 --miner f0494733 --limit c2-10 --out /tmp/c2 && diff -r /tmp/c2.old /tmp/c2',
      'what a change in a template does',
    ],
  ],
  bootstrap: [
    [
      'fcops bootstrap miner --miner f0494733',
      'shows what is done, does what is not, one step after the other',
    ],
    ['fcops bootstrap miner --miner f0494733 --check', 'only shows it'],
    [
      'fcops bootstrap miner --miner f0494733 --yes --output json',
      'in scripts: does not ask; one event per line',
    ],
    [
      'fcops bootstrap miner --miner f0494733 --import-over miner-1',
      'lotus has a chain that is too old: end lotus, then a newer snapshot over it',
    ],
  ],
  adopt: [['fcops adopt p1-50 --miner f0494733', 'it was a host of another miner until now']],
  completion: [
    ['source <(fcops completion bash)', 'in ~/.bashrc'],
    ['source <(fcops completion zsh)', 'in ~/.zshrc, after compinit'],
    ['fcops completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  trust: [
    ['fcops trust p1-50', 'shows the fingerprint, asks, records the key'],
    ['fcops trust --miner f0494733', 'every host of a miner'],
  ],
} as const satisfies Record<string, Examples>;

/** A command by its words: `inventory check`. */
export type CommandPath = keyof typeof EXAMPLES;

/** What stands in a column of its own, and what it means. */
export type Meanings = readonly (readonly [string, string])[];

/** Exit codes, as the man page and docs/ tell them. */
export const EXIT_CODES: Meanings = [
  [`${EXIT.done}`, 'done, or nothing to do'],
  [`${EXIT.failed}`, 'failed, or declined at the question'],
  [`${EXIT.changes}`, 'with --detailed-exitcode: changes are pending'],
  [`${EXIT.owed}`, 'with --detailed-exitcode: a reboot or a restart is owed'],
  [
    `${EXIT.unwanted}`,
    'with --detailed-exitcode: not as required, and fcops does not change it: a check failed, or some processes of a host ' +
      'do not run; of jobs, workers and sectors: a task is late or lost, a worker is not there, a sector has failed. 2, 4 and 8 are added up: 6 is changes and a restart owed',
  ],
  [`${EXIT.interrupted}`, 'interrupted'],
];

/** Files that fcops reads or keeps on the machine where it is called. */
export const FILES_HERE: Meanings = [
  ['inventories/<miner>.yaml', 'a cluster; --inventory names another directory, or one such file'],
  ['inventories/<miner>.facts/<host>.json', 'facts that `fcops facts --save` keeps, for `fcops render`'],
  ['inventories/inventory.schema.json', 'schema for editors, as `fcops init` writes it'],
  [
    'profiles/<name>.yaml',
    'hardware models that come with fcops; --profiles names a directory in their place',
  ],
  ['templates/', 'templates that come with fcops; files of the same name in --templates replace them'],
  [
    'inventories/secrets/<name>.age',
    'a secret, encrypted with age for those in recipients.txt beside it (`fcops secrets set`)',
  ],
  [
    '~/.config/fcops/age.key',
    'private key of age that decrypts secrets, mode 0600; --identity and FCOPS_AGE_IDENTITY name another one',
  ],
  ['~/.ssh/config', 'how to reach hosts, where the inventory does not say it'],
  ['~/.ssh/known_hosts', 'host keys that are trusted; `fcops trust` adds to it'],
  [
    '$XDG_STATE_HOME/fcops/runs/',
    'what was run, a folder each, for its user alone; $XDG_STATE_HOME is ~/.local/state where it is not set. 200 are kept',
  ],
  [
    '$XDG_CACHE_HOME/fcops/compiled/',
    'compiled code of fcops itself, so that it starts faster; may be removed',
  ],
];

/** Files that fcops keeps on hosts for itself; what it is there for stands in the plan. */
export const FILES_THERE: Meanings = [
  ['/var/lib/fcops/stamp', 'the miner and the name of the host'],
  ['/var/lib/fcops/lock', 'who changes the host at the moment; its lock goes with its owner'],
  ['/var/lib/fcops/session', 'who holds the host for a deploy, and since when'],
  [
    '/var/lib/fcops/runs/<run>/',
    'journal of a run, and for a rollback what it changed (kept), with the files that it replaced, their owner and mode (replaced/). Only root can read it. 20 are kept',
  ],
];

/** Environment variables that mean something to fcops. */
export const ENVIRONMENT: Meanings = [
  ['NO_COLOR', 'no colours, where it is not empty and --color is auto'],
  ['FORCE_COLOR', 'colours where there is no terminal too; 0 and false: none. NO_COLOR wins'],
  ['TERM', 'dumb: no colours, and no view that repaints itself'],
  [
    'PAGER',
    'shows what is longer than the screen after d at the question of a deploy; less where it is not set',
  ],
  ['LESS', 'options of less; FRX where it is not set'],
  ['PATH', 'where shellcheck, git, ssh and the commands of vaults are looked for'],
  ['SSH_AUTH_SOCK', 'the SSH agent'],
  [
    'GITHUB_WORKSPACE',
    'the root of the repository in a workflow of GitHub: fcops check --output github names files from there',
  ],
  ['XDG_STATE_HOME', 'where runs are kept; ~/.local/state where it is not set'],
  ['XDG_CONFIG_HOME', 'where the private key of age is (fcops/age.key); ~/.config where it is not set'],
  ['XDG_CACHE_HOME', 'where compiled code is kept; ~/.cache where it is not set'],
  ['VISUAL', 'editor of `fcops secrets edit`'],
  ['EDITOR', 'the same where VISUAL is not set; vi where neither is'],
  ['FCOPS_AGE_IDENTITY', 'file of the private key of age that decrypts secrets; --identity goes over it'],
  ['names of your choice', 'secrets, where the inventory says so: token: { env: F0494733_TOKEN }'],
];

/** Examples below the help of a command: what each is for, then how it is typed. */
export const examplesText = (examples: Examples): string => {
  const lines = examples.flatMap(([command, meaning]) => [`  # ${meaning}`, `  ${command}`]);
  return `\nExamples:\n${lines.join('\n')}`;
};
