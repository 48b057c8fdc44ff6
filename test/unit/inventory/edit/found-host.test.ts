import { describe, expect, it } from 'vitest';
import { editedText } from '../../../../src/inventory/edit/edit.ts';
import { openText } from '../../../../src/inventory/edit/editable.ts';
import { foundIn } from '../../../../src/inventory/edit/found-host.ts';
import type { NewHost } from '../../../../src/inventory/edit/host-style.ts';
import { readCluster } from '../../../../src/inventory/read-cluster.ts';
import { memoryFiles, shippedProfiles } from '../support.ts';

const FILE = 'inventories/f0494733.yaml';
const P1: NewHost = { name: 'p1-50', address: '10.0.0.50', roles: ['p1'], profile: 'amd-7532' };
const WHOLE = '{ name: p1-50, address: 10.0.0.50, roles: [p1], profile: amd-7532 }';
const BEGUN = '{ name: p1-50, address: <IPv4 address>, roles: [p1], profile: <hardware model> }';

/**
 * What the host is to a file with this one in it: of one that is begun how it stands there then, of another one what
 * differs.
 */
const found = (host: string, wanted: NewHost = P1, top = ''): string => {
  const text = `miner: f0494733\n${top}hosts:\n  - ${host}\n`;
  const opened = openText(FILE, text);
  if (!opened.ok) throw new Error('no YAML');
  const read = readCluster(FILE, {
    profiles: shippedProfiles,
    files: memoryFiles({ [FILE]: text }),
    env: {},
    home: '/home/op',
  });
  const one = foundIn(read, opened.value, wanted);
  if (one.type === 'other') return `other: ${one.problem.why}`;
  if (one.type !== 'begun') return one.type;
  const edited = editedText(opened.value, [one.fill]);
  return edited.ok ? edited.value.slice(edited.value.indexOf('  - ') + 4).trimEnd() : 'refused';
};

describe('a host that is all there', () => {
  it('is new by its name alone', () => {
    expect(found(WHOLE, { ...P1, name: 'p1-51' })).toBe('new');
  });

  it('is there where it has what was asked for, from wherever', () => {
    expect(found(WHOLE)).toBe('there');
    expect(found(WHOLE, { ...P1, os: 'ubuntu-18.04', listen: '10.0.0.50' })).toBe('there');
    expect(found(WHOLE, { ...P1, os: 'debian-12' }, 'os: debian-12\n')).toBe('there');
    const group = 'groups: { rack-a: { hosts: p1, os: debian-12 } }\n';
    expect(found(WHOLE, { ...P1, os: 'debian-12' }, group)).toBe('there');
    expect(found(WHOLE.replace('[p1]', '[apx, p1]'), { ...P1, roles: ['p1', 'apx'] })).toBe('there');
  });

  it('may have anything that nobody has asked for', () => {
    expect(found(WHOLE.replace(' }', ', listen: 10.1.0.50, os: debian-12 }'))).toBe('there');
  });

  it('is another one where something of it differs, which is told', () => {
    expect(found(WHOLE, { ...P1, address: '10.0.0.51', profile: 'amd-7371' })).toBe(
      'other: address 10.0.0.50 there, 10.0.0.51 here; profile amd-7532 there, amd-7371 here',
    );
    expect(found(WHOLE, { ...P1, os: 'debian-12' })).toBe('other: os ubuntu-18.04 there, debian-12 here');
    expect(found(WHOLE, { ...P1, listen: '10.1.0.50' })).toBe(
      'other: listen 10.0.0.50 there, 10.1.0.50 here',
    );
    expect(found(WHOLE, { ...P1, roles: ['c2'] })).toBe('other: roles p1 there, c2 here');
  });

  it('has also what is wrong', () => {
    const odd = WHOLE.replace('10.0.0.50', '10.0.0').replace(' }', ', os: debian-7 }');
    expect(found(odd, { ...P1, os: 'ubuntu-18.04' })).toBe(
      'other: address 10.0.0 there, 10.0.0.50 here; os debian-7 there, ubuntu-18.04 here',
    );
  });
});

describe('a host that is begun', () => {
  it('is filled in', () => {
    expect(found(BEGUN)).toBe(WHOLE);
    expect(found(BEGUN.replace('<IPv4 address>', '10.0.0.50'))).toBe(WHOLE);
    expect(found(BEGUN.replaceAll(/ <.*?>/g, ''))).toBe(WHOLE);
    expect(found('name: p1-50\n    address:\n    roles: [p1]\n    profile: # which?')).toBe(
      'name: p1-50\n    address: 10.0.0.50\n    roles: [p1]\n    profile: amd-7532 # which?',
    );
    expect(found('name: p1-50\n    address: <IPv4 address>\n    roles: [p1]\n    profile: amd-7532')).toBe(
      'name: p1-50\n    address: 10.0.0.50\n    roles: [p1]\n    profile: amd-7532',
    );
  });

  it('is given what it does not say itself, whatever the cluster or a group says', () => {
    const more = { ...P1, listen: '10.1.0.50', os: 'debian-12' as const };
    const filled = WHOLE.replace(' }', ', listen: 10.1.0.50, os: debian-12 }');
    expect(found(BEGUN, more)).toBe(filled);
    expect(found(BEGUN, more, 'os: centos-7\n')).toBe(filled);
    expect(found(BEGUN.replace('<IPv4 address>', '10.0.0.50'), more)).toBe(filled);
    expect(found('{ name: p1-50, roles: [p1] }')).toBe(
      '{ name: p1-50, roles: [p1], address: 10.0.0.50, profile: amd-7532 }',
    );
  });

  it('is another one where it says something else already', () => {
    expect(found(BEGUN.replace('<IPv4 address>', '10.0.0.51'))).toBe(
      'other: address 10.0.0.51 there, 10.0.0.50 here',
    );
    const more = BEGUN.replace(' }', ', listen: 10.1.0.51, os: centos-7 }');
    expect(found(more, { ...P1, listen: '10.1.0.50', os: 'debian-12' })).toBe(
      'other: listen 10.1.0.51 there, 10.1.0.50 here; os centos-7 there, debian-12 here',
    );
    expect(found(BEGUN, { ...P1, roles: ['c2'] })).toBe('other: roles p1 there, c2 here');
    expect(found(BEGUN.replace('roles: [p1], ', ''))).toBe('other: roles none there, p1 here');
  });

  it('is there as asked for where nobody has asked for what is left', () => {
    expect(found(WHOLE.replace(' }', ', listen: <IPv4 address> }'))).toBe('there');
  });
});
