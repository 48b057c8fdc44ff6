import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import type { KeyRow } from '../../../../src/cli/views/key-table.ts';
import { keyTable } from '../../../../src/cli/views/key-table.ts';

const ROWS: readonly KeyRow[] = ['p1-50', 'p1-51'].map((host) => ({
  host,
  server: `[192.168.10.${host.slice(3)}]:2222`,
  type: 'ssh-ed25519',
  fingerprint: `SHA256:${'x'.repeat(43)}`,
  file: '/root/.ssh/known_hosts',
  state: 'new',
}));

describe('keyTable', () => {
  it('is a line per key where there is room, as in a pipe', () => {
    const lines = keyTable(ROWS, Number.POSITIVE_INFINITY, painter(false));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^p1-50 {2}\[192\.168\.10\.50\]:2222 {2}ssh-ed25519 {2}SHA256:x{43} {2}new$/);
  });

  it.each([60, 80])('has each fingerprint on a line of its own in %i columns', (width) => {
    const lines = keyTable(ROWS, width, painter(false));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^host +server +type +state$/);
    expect(lines.slice(1, 3)).toEqual([
      'p1-50  [192.168.10.50]:2222  ssh-ed25519  new',
      `  SHA256:${'x'.repeat(43)}`,
    ]);
  });
});
