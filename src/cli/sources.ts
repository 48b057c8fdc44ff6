import { FcopsError } from '../core/problem.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { presentSecrets } from '../inventory/secrets.ts';
import { resolveSecrets } from '../ops/secrets/resolve.ts';
import { type Sources, secretProblems } from '../ops/sources.ts';
import type { Context } from './context.ts';

/** Where this command line says that everything is. */
export const sourcesOf = ({ world, options, values }: Context): Sources => ({
  inventory: options.inventory,
  ...(options.profiles !== undefined && { profiles: options.profiles }),
  ...(options.templates !== undefined && { templates: options.templates }),
  packageRoot: world.packageRoot,
  env: world.env,
  home: world.home,
  ...(options.identity !== undefined && { identity: options.identity }),
  values,
});

/** From now on no secret of the cluster, all of which have been seen to be such as can be hidden, gets past the output. */
export const hideSecrets = ({ output }: Context, cluster: Cluster): void =>
  output.hide(presentSecrets(cluster));

/**
 * The same where nobody has looked at them yet: all are worked out first, as what is shown of hosts may have any in it. Throws an FcopsError for those whose masks
 * would tell them; one that is not there is for whoever needs it to say.
 */
export const checkAndHideSecrets = async (context: Context, cluster: Cluster): Promise<void> => {
  await resolveSecrets(sourcesOf(context), cluster.secrets);
  const weak = secretProblems(sourcesOf(context), cluster).filter(({ kind }) => kind === 'weak-secret');
  if (weak.length > 0) throw new FcopsError(weak);
  hideSecrets(context, cluster);
};
