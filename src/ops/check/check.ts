import type { Place } from '../../core/problem.ts';
import { readInventory } from '../../inventory/load.ts';
import { byFiles } from '../by-files.ts';
import { inventorySources, isOneFile, type Sources, theNamed } from '../sources.ts';
import { eachCluster, togetherFindings } from './clusters.ts';
import { strayFacts, unusedFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { findings } from './finding.ts';
import { unusedProfiles } from './profiles.ts';
import { checkSecretsInSight } from './secrets.ts';
import { checkShell } from './shell.ts';
import { checkTemplates, unusedTemplates } from './templates.ts';

/** What a check is asked for. */
export interface CheckRequest {
  /** Only this cluster; the files of others are read for what both have. */
  readonly miner?: string | undefined;
  /** Overrides that are over by then are mistakes. */
  readonly now: Date;
}

/** What a check of all that stands in files came to. */
export interface Checked {
  /** The cluster files first, file by file, each as its lines come; then what is in no file. */
  readonly findings: readonly Finding[];
  readonly clusters: number;
  readonly hosts: number;
}

/**
 * All that can be said of the files of a farm without any host, and without any secret. Each part looks at what is right
 * of the others, so that one finding hides no other. Throws an FcopsError only where there is nothing to look at.
 */
export const checkFiles = async (sources: Sources, { miner, now }: CheckRequest): Promise<Checked> => {
  const from = inventorySources(sources);
  const name = theNamed(sources, miner);
  const chosen = readInventory(from, name);
  const all = name === undefined || isOneFile(sources) ? chosen : readInventory(from);
  const clusters = chosen.files.flatMap(({ cluster }) => cluster ?? []);
  const ofClusters = [...eachCluster(chosen, now), ...togetherFindings(all.files, name)];
  const templates = await checkTemplates(sources, clusters);
  // What a mistake hides, or another cluster, may use them.
  const areAll = name === undefined && clusters.length === chosen.files.length;
  const own = new Set(chosen.files.map(({ file }) => file));
  const secrets = await checkSecretsInSight(sources, all.files, {
    except: new Set(all.files.flatMap(({ file }) => (own.has(file) ? [] : [file]))),
    unused: areAll,
  });
  const found = [
    ...unexplained(ofClusters, secrets.findings),
    ...withoutKnown(templates.findings, ofClusters),
    ...(await checkShell(templates.rendered, templates.templates.all, {
      env: sources.env,
      mask: secrets.mask,
    })),
    ...findings('template-unknown', templates.templates.problems),
    ...chosen.files.flatMap(unusedFacts),
    ...(name === undefined ? strayFacts(from.inventoryDir) : []),
    ...(areAll ? findings('template-unused', unusedTemplates(templates)) : []),
    ...(sources.profiles === undefined || name !== undefined
      ? []
      : unusedProfiles(sources.profiles, from.profiles, chosen.files)),
    ...secrets.findings,
  ];
  const order = byFiles(chosen.files.map(({ file }) => file));
  return {
    findings: onlyOnce(found).toSorted((a, b) => order(a.problem, b.problem)),
    clusters: chosen.files.length,
    hosts: chosen.files.reduce((sum, { checking }) => sum + checking.hosts.length, 0),
  };
};

/** A secret that stands where it is to be named is a mistake of the file, too: it is told as what it is. */
const unexplained = (ofClusters: readonly Finding[], secrets: readonly Finding[]): readonly Finding[] => {
  const inClear = new Set(
    secrets.flatMap(({ rule, problem: { where } }) =>
      rule === 'secret-in-clear' && where ? [positionOf(where)] : [],
    ),
  );
  return ofClusters.filter(
    ({ rule, problem: { where } }) => rule !== 'cluster-file' || !where || !inClear.has(positionOf(where)),
  );
};

const positionOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** A layout that cannot be solved keeps its hosts from being worked out, too. */
const withoutKnown = (found: readonly Finding[], known: readonly Finding[]): readonly Finding[] => {
  const told = new Set(known.map(({ problem: { what } }) => what));
  return found.filter(({ problem: { what } }) => !told.has(what));
};

/** Two clusters with one broken profile, or with one secret, tell of it once. */
const onlyOnce = (found: readonly Finding[]): readonly Finding[] => [
  ...new Map(found.map((one) => [JSON.stringify([one.rule, one.problem]), one])).values(),
];
