import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repository } from '../../inventory/support.ts';
import { foundIn, GOOD, OTHER, saidOf } from './support.ts';

const shipped = (name: string) => readFileSync(join(repository, `templates/${name}.hbs`), 'utf8');
const profile = (name: string) => readFileSync(join(repository, `profiles/${name}.yaml`), 'utf8');
const clusters = { 'inventories/f0494733.yaml': GOOD, 'inventories/f0730670.yaml': OTHER };
const said = (templates: Readonly<Record<string, string>>, inventories: object = clusters) =>
  saidOf(
    {
      ...inventories,
      ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`templates/${name}`, text])),
    },
    { templates: true },
  );

describe("templates of one's own", () => {
  it('that replace shipped ones and are as good have no findings', async () => {
    expect(
      await said({
        'p1/start_p1.sh.hbs': shipped('p1/start_p1.sh'),
        'partials/worker_pids.sh.hbs': shipped('partials/worker_pids.sh'),
        'README.md': '',
      }),
    ).toEqual([]);
  });

  it('that cannot be compiled are told each, with its line, and once', async () => {
    expect(
      await said({
        'p1/start_p1.sh.hbs': '#!/bin/bash\n{{#if tasks}}\n',
        'p1/start_p2.sh.hbs': '#!/bin/bash\n\n{{upper tasks}}\n',
        'p1/profile.hbs': 'export A=1\n{{> partials/worker_pid.sh}}\n',
        'c2/start_c2.sh.hbs': '#!/bin/bash\n# {{workers\n',
        'c2/profile.hbs': 'a {{#if api}}b{{/unless}}\n',
      }),
    ).toMatchInlineSnapshot(`
      [
        "templates/c2/profile.hbs:1: [template] error: the template cannot be used: if doesn't match unless",
        "templates/c2/start_c2.sh.hbs:2: [template] error: the template ends before a tag or a block of it does",
        "templates/p1/profile.hbs:2: [template] error: there is no template "partials/worker_pid.sh" to include",
        "templates/p1/start_p1.sh.hbs:3: [template] error: the template ends before a tag or a block of it does",
        "templates/p1/start_p2.sh.hbs:3: [template] error: there is no helper "upper"",
      ]
    `);
  });

  it('that cannot be filled in are told with their line and their hosts, folded', async () => {
    const more = GOOD.concat(
      '  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532 }\n',
      '  - { name: p1-52, address: 192.168.10.52, roles: [p1], profile: amd-7532, variables: { startPause: 60 } }\n',
    );
    const found = await foundIn(
      {
        'inventories/f0494733.yaml': more,
        'inventories/f0730670.yaml': OTHER,
        'templates/p1/start_p1.sh.hbs': '#!/bin/bash\necho {{tasks}} {{wokers}}\n',
        'templates/p1/profile.hbs': '# shellcheck shell=bash\n\nexport T={{token}}\n',
        'templates/c2/profile.hbs': '# shellcheck shell=bash\nexport A={{#if api}}{{nosuch}}{{/if}}\n',
      },
      { templates: true },
    );
    expect(
      found.map(({ rule, problem: { what, where }, hosts }) => [
        rule,
        what,
        where,
        hosts?.map(({ miner, name }) => `${miner} ${name}`),
      ]),
    ).toMatchInlineSnapshot(`
      [
        [
          "template",
          "the variable "nosuch" is missing",
          {
            "file": "templates/c2/profile.hbs",
            "line": 2,
          },
          [
            "f0494733 c2-10",
            "f0730670 c2-110",
          ],
        ],
        [
          "template",
          "the variable "token" is a secret and may not be printed like this",
          {
            "file": "templates/p1/profile.hbs",
            "line": 3,
          },
          [
            "f0494733 p1-50",
            "f0494733 p1-51",
            "f0494733 p1-52",
            "f0730670 p1-150",
          ],
        ],
        [
          "template",
          "the variable "wokers" is missing",
          {
            "file": "templates/p1/start_p1.sh.hbs",
            "line": 2,
          },
          [
            "f0494733 p1-50",
            "f0494733 p1-51",
            "f0494733 p1-52",
            "f0730670 p1-150",
          ],
        ],
      ]
    `);
  });

  it('that know nothing of the units that run them are told for the hosts that have units', async () => {
    const text = '#!/bin/bash\ntrue\n';
    const systemd = OTHER.concat('variables: { supervisor: systemd }\n');
    expect(
      await said(
        { 'p1/worker-Np1/start_Np1.sh.hbs': text },
        { ...clusters, 'inventories/f0730670.yaml': systemd },
      ),
    ).toEqual([
      expect.stringContaining('[template] error: p1/worker-Np1/start_Np1.sh knows no --foreground'),
    ]);
  });

  it('that nothing would use are told: by their names, and by what the hosts are', async () => {
    const onlyP1 = GOOD.replace(/ {2}- name: c2-10[\s\S]*/, '');
    expect(
      await said(
        {
          'p1/strat_p1.sh.hbs': '',
          'p1/profile.hbs.bak': '',
          'partials/mine.hbs': '',
          'c2/profile.hbs': shipped('c2/profile'),
          'p1/start_p1.sh.hbs': '#!/bin/bash\ntrue\n',
        },
        { 'inventories/f0494733.yaml': onlyP1 },
      ),
    ).toMatchInlineSnapshot(`
      [
        "inventories/f0494733.yaml:9:49: [checksum-unused] warning: no version of a host needs the sha256 of lotus-worker-1.11.1-39c692f52-intel.tar.gz",
        "templates/c2/profile.hbs:1: [template-unused] warning: no host of these clusters needs this template",
        "templates/p1/profile.hbs.bak: [template-unknown] error: no template has this name, so it would never be used",
        "templates/p1/strat_p1.sh.hbs: [template-unknown] error: no template has this name, so it would never be used",
        "templates/partials/mine.hbs: [template-unknown] error: no template includes this one, so it would never be used",
      ]
    `);
  });

  it('are not told as unused where not all is known', async () => {
    const own = { 'templates/miner/profile.hbs': shipped('miner/profile') };
    expect(await saidOf({ ...clusters, ...own }, { templates: true })).toHaveLength(1);
    expect(await saidOf({ ...clusters, ...own }, { templates: true, miner: 'f0730670' })).toEqual([]);
    const broken = { ...clusters, 'inventories/f0730670.yaml': 'miner: [' };
    expect(await saidOf({ ...broken, ...own }, { templates: true })).toEqual([
      expect.stringContaining('[cluster-file]'),
    ]);
  });
});

describe("hardware models of one's own", () => {
  const profiles = {
    'profiles/amd-7532.yaml': profile('amd-7532'),
    'profiles/intel-4216.yaml': profile('intel-4216'),
  };

  it('that no host has are told, with what is wrong with them', async () => {
    const files = { ...clusters, ...profiles, 'profiles/old.yaml': `${profile('amd-7532')}more: 1\n` };
    expect(await saidOf(files, { profiles: true })).toEqual([
      'profiles/old.yaml:1: [profile-unused] warning: no host has this hardware model',
      expect.stringContaining('[profile-file] error: unknown key "more"'),
    ]);
    expect(await saidOf(files, { profiles: true, miner: 'f0494733' })).toEqual([]);
    const big = profile('amd-7532').replace('64GiB: 14', '64GiB: 140');
    expect(await saidOf({ ...clusters, ...profiles, 'profiles/new.yaml': big }, { profiles: true })).toEqual([
      'profiles/new.yaml:1: [profile-unused] warning: no host has this hardware model',
      expect.stringContaining('[layout] error: profile new: the P1 tasks need 17920 huge pages of 1 GiB'),
    ]);
  });
});

describe('property: whatever stands in files', () => {
  it('all of it is told as findings, and nothing is a defect', async () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            '{{',
            '}}',
            '{{#if api}}',
            '{{/if}}',
            '{{> partials/x}}',
            '{{secret token}}',
            '\n',
            '$x',
            'a',
          ),
        )
        .map((parts) => parts.join('')),
    );
    const cut = fc.record({ at: fc.nat(GOOD.length), length: fc.nat(40), by: fc.string({ maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(cut, text, text, async ({ at, length, by }, profileText, script) => {
        const found = await foundIn(
          {
            'inventories/f0494733.yaml': GOOD.slice(0, at) + by + GOOD.slice(at + length),
            'inventories/f0730670.yaml': OTHER,
            'templates/p1/profile.hbs': profileText,
            'templates/c2/start_c2.sh.hbs': script,
            'profiles/amd-7532.yaml': profile('amd-7532'),
            'profiles/intel-4216.yaml': `${profile('intel-4216')}${by}`,
          },
          { templates: true, profiles: true },
        );
        for (const { problem } of found) expect(problem.kind).not.toBe('defect');
      }),
      { numRuns: 40 },
    );
  });
});
