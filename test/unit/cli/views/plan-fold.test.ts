import { describe, expect, it } from 'vitest';
import { foldPlan } from '../../../../src/cli/views/plan-fold.ts';
import type { ShownHost } from '../../../../src/cli/views/shown-items.ts';

const hostWith = (host: string, address: string, texts: readonly string[]): ShownHost => ({
  host,
  address,
  items: texts.map((after, index) => ({
    state: 'change',
    task: 't',
    kind: 'file',
    resource: `file:/f${index}`,
    title: `file /f${index}`,
    action: 'create',
    details: [],
    text: { before: null, after },
  })),
});

/** Hosts of each fold, with the resources that they share. */
const folded = (hosts: readonly ShownHost[]) =>
  foldPlan(hosts).map(({ hosts, items }) => [hosts.join(' '), items.map(({ item }) => item.resource)]);

describe('foldPlan', () => {
  it('takes an item for the same where only the own name and address differ', () => {
    expect(
      folded([
        hostWith('p1-5', '10.0.0.5', ['listen 10.0.0.5', 'name f01-p1-10-0-0-5', 'host p1-5']),
        hostWith('p1-50', '10.0.0.50', ['listen 10.0.0.50', 'name f01-p1-10-0-0-50', 'host p1-50']),
      ]),
    ).toEqual([['p1-5 p1-50', ['file:/f0', 'file:/f1', 'file:/f2']]]);
  });

  it('knows the address that a host listens on beside that of SSH, and its last number', () => {
    const host = (name: string, login: number, listen: number): ShownHost => ({
      ...hostWith(name, `192.168.10.${login}`, [
        `listen 10.0.0.${listen} name f01-p1-10-0-0-${listen}`,
        `--groupid ${listen}`,
        `login 192.168.10.${login}`,
      ]),
      listen: `10.0.0.${listen}`,
    });
    expect(folded([host('p1-50', 50, 7), host('p1-51', 51, 8)])).toEqual([
      ['p1-50 p1-51', ['file:/f0', 'file:/f1', 'file:/f2']],
    ]);
  });

  it('does not take an address for part of another', () => {
    expect(
      folded([hostWith('a', '10.0.0.5', ['peer 10.0.0.51']), hostWith('b', '10.0.0.6', ['peer 10.0.0.61'])]),
    ).toEqual([
      ['a', ['file:/f0']],
      ['b', ['file:/f0']],
    ]);
  });

  it('lets the last number of the address differ too', () => {
    expect(
      folded([
        hostWith('p1-50', '10.0.0.50', ['--groupid 50', 'max 14']),
        hostWith('p1-51', '10.0.0.51', ['--groupid 51', 'max 14']),
      ]),
    ).toEqual([['p1-50 p1-51', ['file:/f0', 'file:/f1']]].toReversed());
  });

  it('does not mistake a common number for that of an address', () => {
    expect(folded([hostWith('a', '10.0.0.1', ['count 1']), hostWith('b', '10.0.0.2', ['count 1'])])).toEqual([
      ['a b', ['file:/f0']],
    ]);
  });

  it('says which items vary', () => {
    const [fold] = foldPlan([
      hostWith('a', '10.0.0.5', ['listen 10.0.0.5', 'same']),
      hostWith('b', '10.0.0.6', ['listen 10.0.0.6', 'same']),
    ]);
    expect(fold?.items.map(({ varies }) => varies)).toEqual([true, false]);
  });

  it('takes processes with other numbers for the same, unless their numbers are shown', () => {
    const old = (host: string, pid: number): ShownHost => ({
      host,
      address: '',
      items: [
        {
          state: 'restarts',
          task: 'processes',
          kind: 'process',
          resource: 'process:P1-1',
          title: 'P1-1',
          reasons: ['/opt/profile is newer than it'],
          processes: [{ process: 'P1-1', pid, since: pid * 60 }],
        },
      ],
    });
    const hosts = [old('a', 7), old('b', 8)];
    expect(foldPlan(hosts).map((fold) => fold.hosts)).toEqual([['a', 'b']]);
    expect(foldPlan(hosts, { numbers: true }).map((fold) => fold.hosts)).toEqual([['a'], ['b']]);
  });
});
