import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewHost } from '../../../src/inventory/edit/host-style.ts';
import { addedHosts, writeHosts } from '../../../src/ops/add-hosts.ts';
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
    await expect(addedHosts(sources(), undefined, [HOST])).rejects.toThrow('not all text in UTF-8');
  });
});
