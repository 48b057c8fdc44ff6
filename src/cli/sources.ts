import type { Cluster } from '../inventory/cluster.ts';
import { presentSecrets } from '../inventory/secrets.ts';
import type { Sources } from '../ops/sources.ts';
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

/** From now on no secret of the cluster gets past the output. */
export const hideSecrets = ({ output }: Context, cluster: Cluster): void =>
  output.hide(presentSecrets(cluster));
