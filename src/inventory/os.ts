import type { Host } from './cluster.ts';

/** Distributions that a host may run (handbook 2.2.1 names CentOS 7 and Ubuntu 18.04); bare: any version. */
export const OS_NAMES = [
  'ubuntu-18.04',
  'ubuntu-20.04',
  'ubuntu-22.04',
  'ubuntu-24.04',
  'debian-10',
  'debian-11',
  'debian-12',
  'debian-13',
  'centos-7',
  'ubuntu',
  'debian',
  'centos',
] as const;
export type OsName = (typeof OS_NAMES)[number];

/** What the handbook's machines run. */
export const DEFAULT_OS: OsName = 'ubuntu-18.04';

/** `ubuntu-18.04` → its id and version as in /etc/os-release, and its family. */
export const parseOs = (name: OsName): Host['os'] => {
  const version = name.split('-')[1];
  const id = name.startsWith('ubuntu') ? 'ubuntu' : name.startsWith('debian') ? 'debian' : 'centos';
  const family = id === 'centos' ? 'redhat' : 'debian';
  return version === undefined ? { id, family } : { id, version, family };
};

/** The inverse of parseOs: what a person calls it. */
export const osName = ({ id, version }: Host['os']): string =>
  version === undefined ? id : `${id}-${version}`;
