import { distributionOf } from '../core/distributions.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { packages } from '../resources/packages/packages.ts';
import type { Resource } from '../resources/resource.ts';
import { storagePackages } from './storage.ts';

/** What the other tasks of a worker machine need: the download, and the clock where fcops keeps it. */
const needed = ({ os, variables }: Host): string[] => {
  const { ntpdatePackage, cronPackage } = distributionOf(os);
  return ['curl', ...(variables.ntpServer === null ? [] : [ntpdatePackage, cronPackage])];
};

/** Those, the host's own list (handbook 2.2.2.2), those of its storages, and the graphics driver where the role uses GPUs. */
export const packagesOf = (cluster: Cluster, host: Host, usesGpus: boolean): Resource => {
  const { packages: wanted, allowRemoval, allowUpgrade, proxy } = host.variables;
  const gpuDriver = usesGpus ? host.variables.gpuDriver : null;
  const ofStorage = storagePackages(cluster, host);
  const keys = {
    ...Object.fromEntries(ofStorage),
    ...Object.fromEntries(wanted.map((name) => [name, 'variables.packages'])),
    ...Object.fromEntries(
      needed(host).flatMap((name) => (name === 'curl' ? [] : [[name, 'variables.ntpServer']])),
    ),
    ...(gpuDriver === null ? {} : { [gpuDriver]: 'variables.gpuDriver' }),
  };
  const names = [...needed(host), ...wanted, ...ofStorage.keys(), ...(gpuDriver === null ? [] : [gpuDriver])];
  return packages({
    manager: distributionOf(host.os).manager,
    names: [...new Set(names)],
    mayRemove: allowRemoval,
    mayUpgrade: allowUpgrade,
    keys,
    proxy,
  });
};
