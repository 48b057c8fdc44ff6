/** What `fcops` alone says. */
export const OVERVIEW = `fcops provisions the machines of a Filecoin storage provider over SSH.

  fcops init f0494733                       write a cluster file to begin with
  fcops inventory check                     read every cluster file, say all that is wrong
  fcops plan p1 --miner f0494733            what would change; touches nothing
  fcops deploy p1 --miner f0494733          show the plan, ask, do it
  fcops layout amd-7532                     which process gets which cores and pages

Also: adopt, completion, facts, render, resume, runs, schema, trust. fcops help COMMAND explains one, with examples.
An inventory is one YAML file per miner id, in ./inventories (--inventory DIR for another place).
`;

/** Command lines, each with what it is for. */
export type Examples = readonly (readonly [string, string])[];

/** Examples by command, as its help shows them. */
export const EXAMPLES = {
  init: [
    ['fcops init f0494733', 'inventories/f0494733.yaml, with a P1 and a C2 host'],
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
      'in CI: exit code 2 says "changes", 3 "not as wanted", 4 "a reboot or restart is owed"',
    ],
  ],
  deploy: [
    ['fcops deploy p1 --miner f0494733', 'shows the plan, asks once'],
    ["fcops deploy p1 --miner f0494733 --limit 'p1-[50:53]'", 'four hosts'],
    ['fcops deploy c2 --miner f0494733 --yes', 'in scripts: does not ask'],
    ['fcops deploy p1 --miner f0494733 --start', 'start the workers too'],
    ['fcops deploy p1 --miner f0494733 --batch 1,25%,100%', 'one host alone, then quarters, then the rest'],
    ['fcops deploy p1 --miner f0494733 --yes --output json', 'one event per line'],
  ],
  resume: [
    ['fcops resume last', 'the newest run of this machine'],
    ['fcops resume x7k2q', 'one by a part of its name'],
  ],
  runs: [
    ['fcops runs', 'when, who, what, and how it ended'],
    ['fcops runs --failed --output json', 'those that did not end well, as JSON'],
  ],
  runsShow: [['fcops runs show last', 'host by host']],
  inventoryList: [
    ['fcops inventory list', 'clusters and their hosts'],
    ['fcops inventory list --miner f0494733 --limit p1 --output json', 'the P1 hosts of one, as JSON'],
  ],
  inventoryCheck: [
    ['fcops inventory check', 'every file below ./inventories'],
    ['fcops inventory check --inventory ~/clusters', 'files in another directory'],
  ],
  inventoryShow: [
    ['fcops inventory show p1-50', 'everything that counts for one host'],
    ['fcops inventory show p1-50 --miner f0494733', 'where two clusters have a host of that name'],
  ],
  schema: [
    ['fcops schema > inventory.schema.json', 'for the YAML extension of an editor'],
    ['fcops schema plan', 'what `fcops plan --output json` prints'],
    ['fcops schema events', 'what `fcops deploy --output json` prints'],
  ],
  layout: [
    ['fcops layout amd-7532', 'P1 with 64 GiB sectors'],
    ['fcops layout amd-7532 --sector-size 32GiB', 'P1 with 32 GiB sectors'],
    ['fcops layout intel-4216 --role c2 --svg c2.svg', 'as a picture too'],
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
