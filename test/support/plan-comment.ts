import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { PLAIN_WORDS } from '../../src/cli/text/words.ts';
import { planDiffDocument } from '../../src/cli/views/plan-diff-document.ts';
import { planDiffMarkdown } from '../../src/cli/views/plan-diff-markdown.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Files } from '../../src/inventory/files.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { loadProfiles } from '../../src/inventory/profiles.ts';
import { nodeFiles } from '../../src/ops/node-files.ts';
import type { PlanDiff } from '../../src/ops/plan-diff/plan-diff.ts';
import { compareStates } from '../../src/ops/plan-diff/plan-diff.ts';
import { loadTemplates } from '../../src/render/load.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What else stands in the file of a cluster that is made up. */
interface MadeUp {
  readonly more?: string;
  /** At a P1 host. */
  readonly at?: (index: number) => string;
  /** Hosts that are left out. */
  readonly without?: (index: number) => boolean;
}

const sum = (version: string): string => createHash('sha256').update(version).digest('hex');

/** The file of a cluster that is made up. */
export const inventoryText = (
  workers: number,
  { more = '', at = () => '', without = () => false }: MadeUp = {},
): string => {
  const hosts = Array.from({ length: workers }, (_, index) =>
    without(index)
      ? ''
      : `  - { name: p1-${index + 1}, address: 10.0.${Math.floor(index / 200)}.${(index % 200) + 11}, roles: [p1], profile: amd-7532${at(index)} }\n`,
  ).join('');
  return `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/10.1.0.1/tcp/2345/http, token: { env: F0494733_TOKEN } }
versions: { p1: 1.11.1-3079a405a, c2: 1.11.1-39c692f52-intel }
artifacts:
  url: http://artifacts.example.com/filecoin
  sha256:
    lotus-worker-1.11.1-3079a405a.tar.gz: ${sum('1.11.1-3079a405a')}
    lotus-worker-1.11.2-84d1b1c5e.tar.gz: ${sum('1.11.2-84d1b1c5e')}
    lotus-worker-1.11.1-39c692f52-intel.tar.gz: ${sum('1.11.1-39c692f52-intel')}
${more}hosts:
${hosts}  - { name: c2-1, address: 10.1.0.11, roles: [c2], profile: intel-4216 }
  - { name: c2-2, address: 10.1.0.12, roles: [c2], profile: intel-4216 }
`;
};

export const madeUpCluster = (workers: number, own?: MadeUp): Cluster => {
  const text = inventoryText(workers, own);
  const files: Files = {
    list: (directory) => (directory === 'inventories' ? ['f0494733.yaml'] : nodeFiles.list(directory)),
    read: (file) => (file === 'inventories/f0494733.yaml' ? text : nodeFiles.read(file)),
    mode: nodeFiles.mode,
  };
  const profiles = loadProfiles(`${root}/profiles`, files);
  return loadCluster('f0494733', { inventoryDir: 'inventories', profiles, files, env: {}, home: '/' });
};

/** What changes between two states of it; `templates`: texts that templates had before, by their names; of `limit` alone. */
export const madeUpDiff = (
  before: Cluster,
  after: Cluster,
  templates: Readonly<Record<string, (text: string) => string>> = {},
  limit?: string,
): Promise<PlanDiff> => {
  const shipped = loadTemplates(nodeFiles, `${root}/templates`);
  const then = new Map(
    [...shipped].map(([name, template]) => [
      name,
      { ...template, text: templates[name]?.(template.text) ?? template.text },
    ]),
  );
  return compareStates(
    { packageRoot: root },
    {
      base: {
        revision: { name: 'origin/main', commit: '3f2a9c1d'.repeat(5), root: '/srv/cluster' },
        templates: then,
        wrong: [],
        placed: (work) => work(),
        missing: [],
      },
      before: [before],
      after: [after],
      unread: [],
    },
    { role: 'all', tags: [], limit },
  );
};

/** A change of 200 hosts as the comment of a pull request. */
export const planComment = async (): Promise<string> => {
  const before = madeUpCluster(200);
  const after = madeUpCluster(201, {
    more: 'variables: { ntpServer: ntp.example.com }\n',
    at: (index) => (index < 24 ? ', versions: { p1: 1.11.2-84d1b1c5e }' : ''),
    without: (index) => index === 99,
  });
  const found = await madeUpDiff(before, after, {
    'p1/worker-p2/start_p2.sh': (text) => text.replace('32212254720', '16106127360'),
  });
  return planDiffMarkdown(planDiffDocument(found, PLAIN_WORDS));
};
