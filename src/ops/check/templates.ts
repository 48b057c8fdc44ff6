import { posix } from 'node:path';
import { groupBy } from '../../core/group-by.ts';
import type { Problem } from '../../core/problem.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { brokenTemplates } from '../../render/broken-templates.ts';
import type { ReadTemplates } from '../../render/load.ts';
import { readTemplates, withPartials } from '../../render/load.ts';
import { createRenderer } from '../../render/renderer.ts';
import { nodeFiles } from '../node-files.ts';
import type { Sources } from '../sources.ts';
import type { Finding } from './finding.ts';
import { finding, findings } from './finding.ts';
import type { RenderedHosts } from './rendered.ts';
import { renderAll } from './rendered.ts';

/** What a look at templates came to. */
export interface CheckedTemplates {
  readonly findings: readonly Finding[];
  readonly templates: ReadTemplates;
  readonly rendered: readonly RenderedHosts[];
}

/** The templates of one's own by themselves, and all as they are filled in for the hosts of these clusters. */
export const checkTemplates = async (
  { packageRoot, templates: own }: Pick<Sources, 'packageRoot' | 'templates'>,
  clusters: readonly Cluster[],
): Promise<CheckedTemplates> => {
  const shipped = posix.join(packageRoot, 'templates');
  const templates = readTemplates(nodeFiles, shipped, own);
  const broken = await brokenTemplates(templates.own.values(), new Set(templates.all.keys()));
  const render = await createRenderer(templates.all);
  const standIn = own === undefined ? render : await createRenderer(readTemplates(nodeFiles, shipped).all);
  const rendered = await renderAll(clusters, render, standIn);
  // What is wrong with a template by itself comes back at each host that needs it.
  const known = new Set(broken.map(({ where }) => where?.file));
  return {
    findings: [
      ...findings('template', broken),
      ...foldHosts(rendered).filter(
        ({ problem: { where } }) => where?.file === undefined || !known.has(where.file),
      ),
    ],
    templates,
    rendered,
  };
};

/** Hosts of which the same cannot be worked out are told once. */
const foldHosts = (rendered: readonly RenderedHosts[]): readonly Finding[] => {
  const all = rendered.flatMap(({ problems, hosts }) =>
    problems.map((problem) => ({ problem: withoutHost(problem), hosts })),
  );
  return [...groupBy(all, ({ problem }) => JSON.stringify(problem)).values()].flatMap((alike) => {
    const [first] = alike;
    const hosts = [...new Set(alike.map((one) => one.hosts))].flat();
    const rule = first?.problem.kind === 'layout' ? 'layout' : 'template';
    return first ? [finding(rule, first.problem, { hosts })] : [];
  });
};

/** It is one of several, which are named beside. */
const withoutHost = ({ where = {}, ...problem }: Problem): Problem => {
  const { host: _, ...place } = where;
  return { ...problem, where: place };
};

/**
 * Templates of one's own that no host needs: none of its role is in a cluster, or what includes it is not filled in
 * any more.
 */
export const unusedTemplates = ({
  templates: { all, own, problems },
  rendered,
}: CheckedTemplates): readonly Problem[] => {
  const used = withPartials(
    rendered.flatMap((one) => [...one.used]),
    all,
  );
  const told = new Set(problems.map(({ where }) => where?.file));
  return [...own]
    .filter(([name, { file }]) => !used.has(name) && !told.has(file))
    .map(([, { file }]) => ({
      kind: 'template',
      what: 'no host of these clusters needs this template',
      where: { file, line: 1 },
      next: [{ type: 'edit', text: 'remove it, where no host is to need it' }],
    }));
};
