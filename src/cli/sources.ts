import { FcopsError } from '../core/problem.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { presentSecrets } from '../inventory/secrets.ts';
import { type Sources, secretProblems } from '../ops/sources.ts';
import type { Context } from './context.ts';

/** Where this command line says that everything is. */
export const sourcesOf = ({ world, options }: Context): Sources => ({
  inventory: options.inventory,
  ...(options.profiles !== undefined && { profiles: options.profiles }),
  ...(options.templates !== undefined && { templates: options.templates }),
  packageRoot: world.packageRoot,
  env: world.env,
  home: world.home,
});

/**
 * From now on no secret of the cluster gets past the output. Throws an FcopsError for those whose masks would tell
 * them; one that is not there is for whoever needs it to say.
 */
export const hideSecrets = (context: Context, cluster: Cluster): void => {
  const weak = secretProblems(sourcesOf(context), cluster).filter(({ kind }) => kind === 'weak-secret');
  if (weak.length > 0) throw new FcopsError(weak);
  context.output.hide(presentSecrets(cluster));
};
