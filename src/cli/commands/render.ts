import { resolve } from 'node:path';
import { FcopsError } from '../../core/errors.ts';
import { count } from '../../core/units.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { secretsOf } from '../../inventory/secrets.ts';
import { withTags } from '../../ops/jobs.ts';
import type { RenderedFile } from '../../ops/render.ts';
import { renderFiles } from '../../ops/render.ts';
import { commandLine } from '../command-line.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions } from '../options.ts';
import { writeTree } from '../rendered-tree.ts';
import { checkTags, deployableRole, roleWork } from '../role-jobs.ts';
import type { Action } from '../session.ts';
import { wrap } from '../text/width.ts';

export interface RenderOptions extends ClusterOptions {
  readonly tags: readonly string[];
  readonly out?: string;
}

/** `fcops render ROLE --out DIR` */
export const render: Action<RenderOptions> = async (session, [role = ''], options) => {
  const { output } = session;
  const { tags, out } = options;
  deployableRole(role);
  if (out === undefined)
    throw new FcopsError({
      what: 'no directory is named for the files',
      next: `add --out DIR: ${commandLine(session, `render ${role} --out /tmp/${role}`, options)}`,
    });
  checkTags(tags);
  const { cluster, hosts, tasksOf } = await roleWork(session, role, options, { secrets: false });
  const trees = hosts.map((host) => ({
    host: host.name,
    files: renderFiles(host, tasksOf(host).filter(withTags(tags))),
  }));
  await writeTree(resolve(out), trees);
  if (output.format === 'json') {
    output.printJson(
      trees.map(({ host, files }) => ({
        host,
        files: files.map((file) => ({
          path: file.path,
          mode: file.mode,
          secret: secretsIn(file, cluster).length > 0,
        })),
      })),
    );
    return EXIT.done;
  }
  const total = trees.reduce((sum, { files }) => sum + files.length, 0);
  output.printLine(`${count(total, 'file')} of ${count(trees.length, 'host')} in ${out}`);
  const advice = secretAdvice(
    out,
    trees.map(({ files }) => files),
    cluster,
  );
  for (const text of advice) for (const line of wrap(text, output.width, 2)) output.printLine(line);
  return EXIT.done;
};

/** Files are written as a deploy writes them: what holds a secret is named, each path once. */
const secretAdvice = (
  out: string,
  trees: readonly (readonly RenderedFile[])[],
  cluster: Cluster,
): string[] => {
  const held = new Map(
    trees.flat().flatMap((file): [string, string][] => {
      const names = secretsIn(file, cluster);
      return names.length === 0 ? [] : [[file.path, names.join(', ')]];
    }),
  );
  return [...held].map(
    ([path, names]) => `${out}/*${path} holds a secret as it is (${names}): keep it out of git`,
  );
};

/** Names of the secrets whose values a file holds. */
const secretsIn = ({ text }: RenderedFile, cluster: Cluster): string[] =>
  secretsOf(cluster).flatMap((secret) => {
    try {
      return text.includes(secret.reveal()) ? [secret.name] : [];
    } catch (error) {
      // One that is not there is in no file.
      if (error instanceof FcopsError) return [];
      throw error;
    }
  });
