import { describe, expect, it } from 'vitest';
import {
  DISTRIBUTIONS,
  distributionOf,
  distributionSeen,
  OS_NAMES,
  osName,
  parseOs,
} from '../../../src/core/distributions.ts';

describe('the table of distributions', () => {
  it.each(OS_NAMES)('%s is what its row says', (name) => {
    const os = parseOs(name);
    expect(osName(os)).toBe(name);
    expect(distributionOf(os)).toMatchObject(os);
    expect(distributionSeen(os)).toBe(distributionOf(os));
  });

  it('knows what each release of apt is called on a mirror', () => {
    for (const [name, { components, version, codename }] of DISTRIBUTIONS)
      expect([name, codename !== undefined]).toEqual([name, components !== null && version !== undefined]);
  });

  it('takes a version without a row as any of its distribution, and none of others', () => {
    expect(distributionOf({ id: 'ubuntu', version: '99.04' })).toBe(distributionOf({ id: 'ubuntu' }));
    expect(distributionSeen({ id: 'debian', version: '99' })).toBe(distributionOf({ id: 'debian' }));
    expect(distributionSeen({ id: 'linuxmint', version: '21' })).toBeUndefined();
  });
});

describe('what the releases of Debian do not have', () => {
  it.each([
    ['debian-11', 'ntpdate', ['glances']],
    ['debian-12', 'ntpdate', []],
    ['debian-13', 'ntpsec-ntpdate', []],
    ['debian', 'ntpsec-ntpdate', ['glances']],
  ] as const)('%s', (name, ntpdatePackage, lacks) => {
    expect(distributionOf(parseOs(name))).toMatchObject({ ntpdatePackage, lacks });
  });
});
