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

/** From now on no secret of the cluster, all of which have been seen to be such as can be hidden, gets past the output. */
export const hideSecrets = ({ output }: Context, cluster: Cluster): void =>
  output.hide(presentSecrets(cluster));

/**
 * The same where nobody has looked at them yet. Throws an FcopsError for those whose masks would tell them; one that
 * is not there is for whoever needs it to say.
 */
export const checkAndHideSecrets = (context: Context, cluster: Cluster): void => {
  const weak = secretProblems(sourcesOf(context), cluster).filter(({ kind }) => kind === 'weak-secret');
  if (weak.length > 0) throw new FcopsError(weak);
  hideSecrets(context, cluster);
};
