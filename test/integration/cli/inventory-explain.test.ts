import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainDocumentSchema } from '../../../src/cli/views/inventory-explain-document.ts';
import { fcops as run } from '../../support/fcops.ts';

const SUM = 'ab'.repeat(32);
const CLUSTER = `miner: f0494733
sectorSize: 64GiB
api: { address: /ip4/192.168.10.1/tcp/2345/http, token: { env: MINER_TOKEN } }
versions: { p1: 1.11.1-3079a405a }
artifacts:
  url: http://artifacts.example.com/application/filecoin
  sha256: { lotus-worker-1.11.1-3079a405a.tar.gz: ${SUM} }
variables: { timezone: Asia/Shanghai, startPause: 30 }
groups:
  rack-a: { hosts: p1-50, ssh: { password: { env: RACK } }, variables: { startPause: 45 } }
hosts:
  - { name: p1-50, address: 192.168.10.50, roles: [p1], profile: amd-7532, variables: { timezone: UTC } }
  - { name: p1-51, address: 192.168.10.51, roles: [p1], profile: amd-7532 }
`;

let directory = '';
const fcops = (...words: readonly string[]) =>
  run(['inventory', 'explain', ...words], {
    cwd: directory,
    env: { MINER_TOKEN: 't0ken-of-the-miner', RACK: 'password-of-the-rack' },
  });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fcops-explain-'));
  mkdirSync(join(directory, 'inventories'));
  writeFileSync(join(directory, 'inventories/f0494733.yaml'), CLUSTER);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('fcops inventory explain', () => {
  it('says of each value where it comes from, and what it counts more than', async () => {
    expect((await fcops('p1-50', 'variables.timezone')).stdout).toMatchInlineSnapshot(`
      "key                 value          from
      variables.timezone  UTC            inventories/f0494733.yaml:12 (host)
                          Asia/Shanghai  over inventories/f0494733.yaml:8 (cluster)
      "
    `);
    const { exitCode, stdout, stderr } = await fcops('192.168.10.50');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('f0494733.yaml:10 (group rack-a)\n');
    expect(stdout).toContain('over inventories/f0494733.yaml:8 (cluster)\n');
    expect(stdout).toContain('(secret: env RACK)');
    expect(stdout).not.toMatch(/t0ken|password-of/);
    expect(stdout).toMatch(
      /\nWhat the hardware model says: fcops inventory explain 192\.168\.10\.50 profile\n$/,
    );
  });

  it('narrows to a key or those below it', async () => {
    expect((await fcops('p1-51', 'variables.startPause')).stdout).toMatchInlineSnapshot(`
      "key                   value  from
      variables.startPause  30     inventories/f0494733.yaml:8 (cluster)
      "
    `);
    const { stdout } = await fcops('p1-50', 'profile.cpu');
    expect(stdout).toMatch(/^profile\.cpu\.vendor +amd +\S+\/profiles\/amd-7532\.yaml:\d+ \(profile\)$/m);
    expect((await fcops('p1-50', 'ssh.port')).stdout).toContain(
      'not set: SSH port. Default: ~/.ssh/config, then 22.',
    );
  });

  it('is a document for programs', async () => {
    const { stdout } = await fcops('p1-50', 'ssh', '--output', 'json');
    const document = explainDocumentSchema.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ miner: 'f0494733', host: 'p1-50', groups: ['rack-a'] });
    expect(document.values).toEqual([
      {
        key: 'ssh.password',
        value: '(secret: env RACK)',
        from: {
          scope: 'group',
          group: 'rack-a',
          place: { file: 'inventories/f0494733.yaml', line: 10, column: 44 },
        },
        over: [],
      },
    ]);
  });

  it('knows what was meant', async () => {
    const wrong = await fcops('p1-50', 'variables.timezon');
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toBe(
      'error: p1-50 has no value "variables.timezon"\n  next: did you mean "variables.timezone"?\n',
    );
    expect((await fcops('p1-5', 'ssh')).stderr).toContain('did you mean "p1-50"?');
    expect((await fcops()).stderr).toContain('missing required argument "host"');
  });
});
