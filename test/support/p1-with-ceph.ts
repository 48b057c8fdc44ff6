import { startArtifactServer } from './artifact-server.ts';
import { VERSIONS, writeCluster } from './cluster.ts';
import { type Ended, fcops } from './fcops.ts';
import { type HangingMount, mountHanging } from './hanging-mount.ts';
import { copyPieceInfo, p1Machine } from './machines.ts';
import { type SimulatedHost, startSimulatedHosts } from './simulated-hosts.ts';

/** A P1 machine on which nothing runs yet, with a ceph-fuse at /ceph that answers nothing when it is told to. */
export interface P1WithCeph {
  /** `p1-50` */
  readonly host: SimulatedHost;
  readonly mount: HangingMount;
  /** Runs fcops with its inventory, to its end. */
  fcops(...words: readonly string[]): Promise<Ended>;
  stop(): Promise<void>;
}

/** The key of the storage. */
export const CEPH_KEY = 'AQBnotARealKeyOfCephAAAAAAAAAAAAAAAAAA==';

/** Starts it. Needs /dev/fuse. */
export const startP1WithCeph = async (): Promise<P1WithCeph> => {
  const hosts = await startSimulatedHosts({ hosts: [p1Machine('p1-50')] });
  const artifacts = await startArtifactServer({ versions: Object.values(VERSIONS) });
  const { host } = hosts;
  await copyPieceInfo(host);
  const ceph = { type: 'ceph', monitors: ['192.168.51.101'], user: 'fsuser', key: { env: 'CEPH_KEY' } };
  const { inventory, env } = await writeCluster({
    ...hosts,
    artifacts,
    hosts: [{ host, roles: ['p1'], profile: 'amd-7532' }],
    more: { storage: [{ name: 'ceph', path: '/ceph', ...ceph }] },
  });
  const mount = await mountHanging(host, '/ceph');
  return {
    host,
    mount,
    fcops: (...words) => fcops([...words, '--inventory', inventory], { env: { ...env, CEPH_KEY } }),
    stop: async () => {
      await mount.stop();
      await artifacts.stop();
      await hosts.stop();
    },
  };
};
