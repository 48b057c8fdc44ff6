/** Loaded before fcops: measures its process and writes what it saw to the file $BENCH_PROBE at its end. */
import { writeFileSync } from 'node:fs';

const TICK = 4;
const seen = { stallMs: 0, stallCpuMs: 0 };
let last = performance.now();
let cpu = process.cpuUsage();

// A stall is the time between two ticks that should be one tick apart. On a machine that is busy with the hosts
// as well, most of it is waiting for a processor; what counts against fcops is the processor time in it.
setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  seen.stallMs = Math.max(seen.stallMs, now - last - TICK);
  seen.stallCpuMs = Math.max(seen.stallCpuMs, (user + system) / 1000);
  last = now;
  cpu = process.cpuUsage();
}, TICK).unref();

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, rssMib: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_PROBE, JSON.stringify({ ...used, ...seen }));
});
