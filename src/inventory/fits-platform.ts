import { distributionOf, osName } from '../core/distributions.ts';
import { edit } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import type { Host } from './cluster.ts';
import { builtFor, describePlatform, platformOf, suffixFor } from './platform.ts';

/** What the matrix says against a version on a machine (handbook 1): a build runs only on what it is made for. */
export const platformProblem = (
  { profile, os }: Pick<Host, 'profile' | 'os'>,
  key: string,
  version: string,
): Problem | null => {
  const platform = platformOf(profile.cpu.vendor, os);
  const built = builtFor(version);
  const suffix = suffixFor(platform);
  const machine = `${profile.name} with ${osName(os)}`;
  if (suffix === undefined)
    return {
      kind: 'inventory',
      what: `no version runs on ${machine}: there is no build for ${describePlatform(platform)}`,
      why: 'builds run only on the CPU vendor and distribution that they are made for (handbook 1)',
      next: [edit('install Ubuntu 18.04 on the host')],
    };
  if (built.vendor === platform.vendor && built.distribution === platform.distribution) return null;
  const wanted = suffix === '' ? 'neither -intel nor -centos' : suffix;
  return {
    kind: 'inventory',
    what: `version ${version} of ${key} is built for ${describePlatform(built)}, but the host is ${machine}`,
    why: `builds run only on the CPU vendor and distribution that they are made for (handbook 1)${
      distributionOf(os).builds === os.id ? '' : '; Debian counts as Ubuntu'
    }`,
    next: [edit(`give a \`versions.${key}\` that ends in ${wanted}, for the cluster or the host`)],
  };
};
