import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/content.ts';
import { FcopsError } from '../../../src/core/problem.ts';
import { defaultVariables } from '../../../src/inventory/variables.ts';
import { aptMirror } from '../../../src/roles/apt-mirror.ts';
import { p1 } from '../../../src/roles/p1.ts';
import { factsFor, shipped } from '../layout/shipped.ts';
import { contextOf, filesOf, hostOf, resourcesOf } from './support.ts';

const profile = shipped('amd-7532');
const PATH = '/etc/apt/sources.list.d/fcops.list';
const os = { id: 'ubuntu', version: '18.04', family: 'debian' } as const;
const variables = { ...defaultVariables(os), aptMirror: 'http://mirror.example.com/ubuntu' };

describe('a mirror of packages', () => {
  it('is one more source of apt, before the packages, by the release that runs', () => {
    const tasks = p1.tasks(contextOf(profile, { variables }));
    const ids = resourcesOf(tasks).map(({ id }) => id);
    expect(ids.indexOf(`file:${PATH}`)).toBe(ids.findIndex((id) => id.startsWith('packages:')) - 1);
    const facts = { ...factsFor(profile), os: { id: 'ubuntu', version: '22.04' } };
    expect(filesOf(tasks, facts).get(PATH)).toBe(
      'deb http://mirror.example.com/ubuntu jammy main restricted universe multiverse\n' +
        'deb http://mirror.example.com/ubuntu jammy-updates main restricted universe multiverse\n',
    );
  });

  it.each([
    ['11', 'bullseye', 'main contrib non-free'],
    // The NVIDIA driver needs firmware, which is a part of its own since Debian 12.
    ['12', 'bookworm', 'main contrib non-free non-free-firmware'],
    ['13', 'trixie', 'main contrib non-free non-free-firmware'],
  ])('of Debian %s has all parts', (version, codename, components) => {
    const host = hostOf(profile, { variables, os: { id: 'debian', family: 'debian' } });
    const content = aptMirror(host)[0]?.file?.content;
    const facts = { ...factsFor(profile), os: { id: 'debian', version } };
    expect(typeof content === 'function' && content(facts)).toEqual(
      contentOf(
        `deb http://mirror.example.com/ubuntu ${codename} ${components}\n` +
          `deb http://mirror.example.com/ubuntu ${codename}-updates ${components}\n`,
      ),
    );
  });

  it('of a release that nobody knows is told, and there is none by itself or on CentOS', () => {
    const [resource] = aptMirror(hostOf(profile, { variables }));
    const content = resource?.file?.content;
    const facts = { ...factsFor(profile), os: { id: 'ubuntu', version: '99.04' } };
    expect(() => typeof content === 'function' && content(facts)).toThrow(FcopsError);
    expect(aptMirror(hostOf(profile))).toEqual([]);
    expect(aptMirror(hostOf(profile, { variables, os: { id: 'centos', family: 'redhat' } }))).toEqual([]);
  });
});
