import { resolve } from 'node:path';
import { count } from '../../core/units.ts';
import { withTags } from '../../ops/jobs.ts';
import { renderFiles } from '../../ops/render.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions } from '../options.ts';
import { writeTree } from '../rendered-tree.ts';
import { checkTags, roleWork } from '../role-jobs.ts';
import type { Action } from '../session.ts';

export interface RenderOptions extends ClusterOptions {
  readonly tags: readonly string[];
  readonly out: string;
}

/** `fcops render ROLE --out DIR` */
export const render: Action<RenderOptions> = async (session, [role = ''], options) => {
  const { output } = session;
  const { hosts, tasksOf } = await roleWork(session, role, options);
  const { tags } = options;
  checkTags(tags);
  const trees = hosts.map((host) => ({
    host: host.name,
    files: renderFiles(host, tasksOf(host).filter(withTags(tags))),
  }));
  await writeTree(resolve(options.out), trees);
  if (output.format === 'json') {
    output.printJson(
      trees.map(({ host, files }) => ({ host, files: files.map(({ path, mode }) => ({ path, mode })) })),
    );
    return EXIT.done;
  }
  const total = trees.reduce((sum, { files }) => sum + files.length, 0);
  output.printLine(`${count(total, 'file')} of ${count(trees.length, 'host')} in ${options.out}`);
  return EXIT.done;
};
