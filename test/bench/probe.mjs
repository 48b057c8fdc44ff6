/** Loaded before fcops: measures its process and writes what it saw to the file $BENCH_PROBE at its end. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

// The one turn in which the program is loaded is no stall of its event loop.
const delay = monitorEventLoopDelay({ resolution: 5 });
setImmediate(() => delay.enable());

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seen = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    rssMib: maxRSS / 1024,
    stallMs: delay.max / 1e6,
  };
  writeFileSync(process.env.BENCH_PROBE, JSON.stringify(seen));
});
