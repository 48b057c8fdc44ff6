/** @module-tag needs-namespaces */
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askClock } from '../../../src/ops/clock-offset.ts';
import { type SimulatedHosts, startSimulatedHosts } from '../../support/simulated-hosts.ts';
import { sessionWith } from '../engine/support.ts';

let hosts: SimulatedHosts;
beforeAll(async () => {
  hosts = await startSimulatedHosts({ hosts: 1 });
});
afterAll(() => hosts?.stop());

const own = { now: () => performance.now(), date: () => new Date() };
const program = (name: string, text: string) =>
  writeFile(`${hosts.host.root}/usr/local/bin/${name}`, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
const ask = async () => {
  const { session } = sessionWith(hosts, hosts.host);
  try {
    return await askClock(session, own);
  } finally {
    await session.close();
  }
};

test('a clock that is right is so within the time of a trip', async () => {
  await program('timedatectl', 'printf "%s\\n" "System clock synchronized: yes"');
  const clock = await ask();
  expect(Math.abs(clock.offset)).toBeLessThanOrEqual(clock.uncertainty);
  expect(clock.uncertainty).toBeLessThan(2000);
  expect(clock.synchronized).toEqual({ type: 'yes', by: 'kernel' });
});

test('one that is not is told, and who says what of it; a keeper that hangs costs its own time only', async () => {
  await program('date', 'exec /bin/date -d "-90 seconds" "$@"');
  await program('chronyc', 'sleep 20; echo "Leap status     : Normal"');
  await program('ntpq', 'echo "status=c016 leap_alarm, sync_unspec, 1 event, restart,"');
  const clock = await ask();
  expect(clock.offset).toBeLessThan(-89_000 + clock.uncertainty);
  expect(clock.offset).toBeGreaterThan(-91_000 - clock.uncertainty);
  expect(clock.uncertainty).toBeLessThan(2000);
  expect(clock.synchronized).toEqual({ type: 'no', by: 'ntp' });
});

test('a host without a date that can be understood is a problem of its own', async () => {
  await program('date', 'echo "date: invalid date"');
  await expect(ask()).rejects.toMatchObject({
    problems: [{ what: 'the host did not tell what its clock says', where: { host: 'sim-1' } }],
  });
});
