import { DEFAULT_OS } from '../../core/distributions.ts';
import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { ReadCluster } from '../read-cluster.ts';
import { isBlank } from '../starting-file.ts';
import { valueAt } from '../yaml-file.ts';
import type { Edit } from './edit.ts';
import type { Editable } from './editable.ts';
import type { NewHost } from './host-style.ts';

/** What a host is to a file: not in it, in it as it was asked for, in it with values to be filled in, or another one. */
export type Found =
  | { readonly type: 'new' | 'there' }
  | { readonly type: 'begun'; readonly fill: Edit }
  | { readonly type: 'other'; readonly problem: Problem };

/**
 * What a host is to a cluster file. Of one that is all there counts what it has, from wherever; of one that is begun only
 * what it says itself: the rest it is given.
 */
export const foundIn = (
  { file, checking }: Pick<ReadCluster, 'file' | 'checking'>,
  { yaml }: Pick<Editable, 'yaml'>,
  wanted: NewHost,
): Found => {
  const listed = checking.hosts.find(({ name }) => name === wanted.name);
  if (!listed) return { type: 'new' };
  const { index, host } = listed;
  const written = (key: SingleKey): unknown => valueAt(yaml.value, ['hosts', index, key]);
  const isOpen = (key: SingleKey): boolean => written(key) === undefined || isBlank(written(key));
  const own = (key: SingleKey): unknown => (isOpen(key) ? undefined : written(key));
  const isBegun = SINGLE_KEYS.some((key) => isBlank(written(key))) || NEEDED.some(isOpen);
  const given = { listen: host.address, os: host.os ?? checking.cluster.os ?? DEFAULT_OS };
  const has: Values = {
    address: own('address'),
    listen: own('listen') ?? (isBegun ? undefined : given.listen),
    profile: own('profile'),
    os: own('os') ?? (isBegun ? undefined : given.os),
  };
  const differs = [
    // What is not there yet, or what nobody has asked for, may be anything.
    ...SINGLE_KEYS.filter((key) => has[key] !== undefined && wanted[key] !== undefined).map((key) => ({
      ...{ key, has: has[key], asked: wanted[key] },
    })),
    { key: 'roles', has: inOrder(listed.roles.map(({ role }) => role)), asked: inOrder(wanted.roles) },
  ].filter((one) => one.has !== one.asked);
  if (differs.length > 0) {
    const why = differs.map((one) => `${one.key} ${one.has || 'none'} there, ${one.asked} here`).join('; ');
    return { type: 'other', problem: otherHost(file, wanted, why) };
  }
  const entries = new Map(
    SINGLE_KEYS.flatMap((key) =>
      isBegun && isOpen(key) && wanted[key] !== undefined ? [[key, wanted[key]]] : [],
    ),
  );
  if (entries.size === 0) return { type: 'there' };
  const byHand = `fill in ${[...entries].map(([key, value]) => `${key}: ${value}`).join(', ')}`;
  return { type: 'begun', fill: { type: 'put', path: ['hosts', index], entries, byHand } };
};

/** Keys of a host that have one value, in the order in which they are told. */
const SINGLE_KEYS = ['address', 'listen', 'profile', 'os'] as const;
type SingleKey = (typeof SINGLE_KEYS)[number];
type Values = Readonly<Record<SingleKey, unknown>>;

/** Those of them that every host has to have. */
const NEEDED = ['address', 'profile'] as const;

const inOrder = (roles: readonly string[]): string => roles.toSorted().join(',');

const otherHost = (file: string, { name }: NewHost, why: string): Problem => ({
  kind: 'inventory',
  what: `there is a host ${name} already, and it is another one`,
  where: { file },
  why,
  next: [edit('give the new one another name, or change the host in the file')],
});
