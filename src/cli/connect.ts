import type { Connect } from '../transport/connection.ts';
import type { TransportDeps } from '../transport/deps.ts';
import { systemDeps } from '../transport/deps.ts';
import type { ConnectionOptions } from './options.ts';
import type { World } from './world.ts';

export const transportDeps = ({ env, home, isRoot }: World): TransportDeps =>
  systemDeps({ env, home, isRoot });

/** The way to open connections; the transport is loaded here, when a command needs one. */
export const connectBy = async (world: World, { transport }: ConnectionOptions): Promise<Connect> => {
  const { connector } = await import('../transport/connect.ts');
  return connector(transport, transportDeps(world));
};
