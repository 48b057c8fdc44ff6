import { resolve } from 'node:path';
import type { Reveal } from '../../core/content.ts';
import { revealedText, secretsIn } from '../../core/content.ts';
import { fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import { count } from '../../core/units.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import type { RenderedFile } from '../../ops/render-files.ts';
import { renderFiles } from '../../ops/render-files.ts';
import { requestedRole, roleHosts, roleWork } from '../../ops/role-work.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions } from '../options.ts';
import { writeTree } from '../rendered-tree.ts';
import { say } from '../say.ts';
import { checkAndHideSecrets, sourcesOf } from '../sources.ts';

export interface RenderOptions extends ClusterOptions {
  readonly tags: readonly string[];
  readonly out?: string;
}

/** `fcops render ROLE --out DIR` */
export const render: Action<RenderOptions> = async (context, [role = ''], options) => {
  const { output } = context;
  const { out } = options;
  requestedRole(role);
  if (out === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: 'no directory is named for the files',
      next: [
        fcopsCommand(
          [
            'render',
            role,
            '--out',
            `/tmp/${role}`,
            ...(options.limit === undefined ? [] : ['--limit', options.limit]),
          ],
          'add --out DIR',
        ),
      ],
    });
  const sources = sourcesOf(context);
  const request = { role, ...options, start: false };
  const selected = roleHosts(sources, request);
  await checkAndHideSecrets(context, selected.cluster);
  const { hosts, tasksOf, reveal, cluster } = await roleWork(selected, request);
  const unread = unreadSecrets(cluster);
  const shown: Reveal = (name) => (unread.has(name) ? standIn(name) : reveal(name));
  const trees = hosts.map((host) => ({ host: host.name, files: renderFiles(host, tasksOf(host)) }));
  await writeTree(
    resolve(out),
    trees.map(({ host, files }) => ({
      host,
      files: files.map(({ path, mode, content }) => ({ path, mode, text: revealedText(content, shown) })),
    })),
  );
  if (output.format === 'json') {
    output.printJson(
      trees.map(({ host, files }) => ({
        host,
        files: files.map(({ path, mode, content }) => ({
          path,
          mode,
          secret: secretsIn(content).some((name) => !unread.has(name)),
        })),
      })),
    );
    return EXIT.done;
  }
  const total = trees.reduce((sum, { files }) => sum + files.length, 0);
  output.printLine(`${count(total, 'file')} of ${count(trees.length, 'host')} in ${out}`);
  for (const text of secretAdvice(
    out,
    trees.flatMap(({ files }) => files),
    unread,
  ))
    say(context, text);
  return EXIT.done;
};

/** Names of secrets that only a host has, and no host is asked here. */
const unreadSecrets = ({ api }: Cluster): ReadonlySet<string> =>
  new Set(api.from === 'miner' ? [api.address.name, api.token.name] : []);

/** What nobody takes for the value. */
const standIn = (name: string): string => `<${name}>`;

/**
 * Files are written as a deploy writes them: what holds a secret is named, each path once, and so is what stands in for
 * one that is `unread`.
 */
const secretAdvice = (out: string, files: readonly RenderedFile[], unread: ReadonlySet<string>): string[] => {
  const held = new Map(
    files.flatMap(({ path, content }): [string, readonly string[]][] => {
      const names = secretsIn(content);
      return names.length === 0 ? [] : [[path, names]];
    }),
  );
  return [...held].flatMap(([path, names]) => {
    const secrets = names.filter((name) => !unread.has(name));
    const others = names.filter((name) => unread.has(name));
    return [
      ...(secrets.length > 0
        ? [`${out}/*${path} holds a secret as it is (${secrets.join(', ')}): keep it out of git`]
        : []),
      ...(others.length > 0
        ? [
            `${out}/*${path} has ${others.map(standIn).join(' and ')} in the place of what a deploy reads from the miner`,
          ]
        : []),
    ];
  });
};
