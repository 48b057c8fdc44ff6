import { distributionOf } from '../core/distributions.ts';
import type { Host } from './cluster.ts';

/**
 * What a build of the programs runs on. A build runs on nothing else, and its version says which by its
 * suffix (handbook 1, the table of versions and platforms).
 */
export interface Platform {
  readonly vendor: 'amd' | 'intel';
  readonly distribution: 'ubuntu' | 'centos';
}

/** The table: which suffix means which platform. There is no build for Intel with CentOS. */
const BUILDS: readonly (Platform & { readonly suffix: string })[] = [
  { suffix: '-intel', vendor: 'intel', distribution: 'ubuntu' },
  { suffix: '-centos', vendor: 'amd', distribution: 'centos' },
  { suffix: '', vendor: 'amd', distribution: 'ubuntu' },
];

/** The platform that a version says it is built for: `1.11.1-39c692f52-intel` → Intel with Ubuntu. */
export const builtFor = (version: string): Platform => ({
  vendor: /-intel(-|$)/.test(version) ? 'intel' : 'amd',
  distribution: /-centos(-|$)/.test(version) ? 'centos' : 'ubuntu',
});

/** The suffix of the builds for a platform; undefined where nobody makes one. */
export const suffixFor = ({ vendor, distribution }: Platform): string | undefined =>
  BUILDS.find((build) => build.vendor === vendor && build.distribution === distribution)?.suffix;

/** The platform of a machine. Debian counts as Ubuntu: the builds need its libraries only. */
export const platformOf = (vendor: Platform['vendor'], os: Host['os']): Platform => ({
  vendor,
  distribution: distributionOf(os).builds,
});

/** `AMD with Ubuntu` */
export const describePlatform = ({ vendor, distribution }: Platform): string =>
  `${vendor === 'amd' ? 'AMD' : 'Intel'} with ${distribution === 'ubuntu' ? 'Ubuntu' : 'CentOS'}`;
