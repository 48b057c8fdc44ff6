import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewHost } from '../../../src/inventory/edit/host-style.ts';
import { addedHosts, writeHosts } from '../../../src/ops/add-hosts.ts';
import { fileForSums } from '../../../src/ops/artifacts/write-sums.ts';
import { repository } from '../inventory/support.ts';

const HOST: NewHost = { name: 'p1-74', address: '192.168.10.74', roles: ['p1'], profile: 'amd-7532' };

let inventory = '';
beforeEach(() => {
  inventory = mkdtempSync(join(tmpdir(), 'fcops-add-hosts-'));
  cpSync(join(repository, 'inventories/f0494733.yaml'), join(inventory, 'f0494733.yaml'));
});
afterEach(() => rmSync(inventory, { recursive: true }));

const sources = () => ({ inventory, packageRoot: repository, env: {}, home: '/home/op' });

describe('writeHosts', () => {
  it('leaves a file that somebody has changed since it was looked at', async () => {
    const made = await addedHosts(sources(), undefined, [HOST]);
    const file = join(inventory, 'f0494733.yaml');
    const theirs = `${readFileSync(file, 'utf8')}# theirs\n`;
    writeFileSync(file, theirs);
    await expect(writeHosts(made)).rejects.toThrow('somebody has changed the file meanwhile');
    expect(readFileSync(file, 'utf8')).toBe(theirs);
    expect(readdirSync(inventory)).toEqual(['f0494733.yaml']);
  });

  it('refuses bytes that are no text, which would not come back as they were', async () => {
    const file = join(inventory, 'f0494733.yaml');
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from([0x23, 0xe9, 0x0a])]));
    await expect(addedHosts(sources(), undefined, [HOST])).rejects.toThrow(
      /the hosts were not added: the file is not all text in UTF-8\n {2}why: {2}nothing was written into the inventory/,
    );
  });
});

describe('a mistake that many hosts of the file have', () => {
  const file = () => join(inventory, 'f0494733.yaml');
  const change = (from: string | RegExp, to: string) =>
    writeFileSync(file(), readFileSync(file(), 'utf8').replaceAll(from, to));
  const names = (problem: { readonly host: string; readonly hosts?: readonly string[] }) => ({
    problems: [
      { where: { file: file(), host: problem.host }, ...(problem.hosts && { hosts: problem.hosts }) },
    ],
  });

  it('stands against hosts that have it too, which alone are named', async () => {
    change(/^ {2}p1: .*\n/gm, '');
    await expect(addedHosts(sources(), undefined, [HOST])).rejects.toMatchObject(names({ host: 'p1-74' }));
    const more = [75, 76, 77, 78].map(
      (number): NewHost => ({ ...HOST, name: `p1-${number}`, address: `192.168.10.${number}` }),
    );
    await expect(addedHosts(sources(), undefined, more)).rejects.toMatchObject(
      names({ host: 'p1-75 and 3 more hosts', hosts: ['p1-75', 'p1-76', 'p1-77', 'p1-78'] }),
    );
  });

  it('does not stand against others', async () => {
    change(/^ {2}p1: .*\n/gm, '');
    const c2: NewHost = { name: 'c2-90', address: '192.168.10.90', roles: ['c2'], profile: 'intel-4216' };
    expect((await addedHosts(sources(), undefined, [c2])).added).toEqual([c2]);
  });
});

describe('a new host is looked at together with', () => {
  it('the other hosts of its file', async () => {
    const host = { ...HOST, name: '192.168.10.50' };
    for (const from of [inventory, join(inventory, 'f0494733.yaml')])
      await expect(addedHosts({ ...sources(), inventory: from }, undefined, [host])).rejects.toThrow(
        'the host 192.168.10.50 has the address 192.168.10.74, and 192.168.10.50 is the address of p1-50',
      );
  });

  it('those of other clusters, by both of its addresses', async () => {
    const text = readFileSync(join(inventory, 'f0494733.yaml'), 'utf8').replaceAll('192.168.10.', '10.7.0.');
    writeFileSync(join(inventory, 'f0999.yaml'), text.replace('miner: f0494733', 'miner: f0999'));
    const host = { ...HOST, listen: '10.7.0.50' };
    await expect(addedHosts(sources(), 'f0494733', [host])).rejects.toThrow(
      '10.7.0.50 is an address of two machines: p1-50 has it in',
    );
  });
});

describe('a cluster file that cannot be read', () => {
  const file = () => join(inventory, 'f0494733.yaml');
  it.each([
    ['a directory', () => mkdirSync(file()), 'this is a directory; a file is needed'],
    [
      'a link that leads nowhere',
      () => symlinkSync('none.yaml', file()),
      'there is no such file or directory',
    ],
    [
      'a link to itself',
      () => symlinkSync('f0494733.yaml', file()),
      'its symbolic links go round in a circle',
    ],
  ])('as %s, is told as such, and that nothing was written', async (_, make, code) => {
    rmSync(file());
    make();
    const problem = {
      kind: 'file',
      where: { file: file() },
      why: expect.stringMatching(new RegExp(`^${code}.*; so nothing was written into the inventory$`)),
      next: [expect.objectContaining({ type: 'edit' })],
    };
    const what = 'the file cannot be read or replaced';
    await expect(addedHosts(sources(), undefined, [HOST])).rejects.toMatchObject({
      problems: [{ ...problem, what: `the hosts were not added: ${what}` }],
    });
    await expect(fileForSums(sources(), undefined)).rejects.toMatchObject({
      problems: [{ ...problem, what: `the sums were not written: ${what}` }],
    });
  });
});

it('says before archives are read that a file which is not UTF-8 gets no sums', async () => {
  const file = join(inventory, 'f0494733.yaml');
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from([0x23, 0xe9, 0x0a])]));
  await expect(fileForSums(sources(), undefined)).rejects.toThrow(
    /the sums were not written: the file is not all text in UTF-8\n {2}why: {2}nothing was written into the inventory/,
  );
});

it('says why a file cannot be replaced', async () => {
  const made = await addedHosts(sources(), undefined, [HOST]);
  const file = join(inventory, 'f0494733.yaml');
  rmSync(file);
  await expect(writeHosts(made)).rejects.toMatchObject({
    problems: [
      {
        kind: 'file',
        what: 'the hosts were not added: the file cannot be read or replaced',
        why: expect.stringMatching(
          /^there is no such file or directory; so nothing was written into the inventory$/,
        ),
      },
    ],
  });
});
