import { maskedText, secretsIn } from '../../core/content.ts';
import { formatCpuRanges } from '../../core/cpu-list.ts';
import type { Deployed } from '../deployed.ts';
import { mountLook } from '../mounts/look.ts';
import { putProgram, putRunning } from './look.ts';
import type { Process } from './process.ts';

/** On a host that is only thought of the process runs with what is there now, since nobody knows when. */
export const runAsWanted = (host: Deployed, process: Process): void => {
  const environment = new Map<string, string>();
  const sums = new Map<string, string>();
  for (const { name, value: given } of process.environment) {
    const value = typeof given === 'function' ? given(host.facts) : given;
    if (value === null) continue;
    if (secretsIn(value).length > 0) sums.set(name, host.digest(value));
    else environment.set(name, maskedText(value));
  }
  const { program, repository, unit, cpus = [], name, start } = process;
  putProgram(host.answer, program, { inode: program, changed: 0, script: false });
  putRunning(host.answer, repository, [
    {
      ...{ pid: 0, since: 0, ticks: 0, hugeKib: null, executable: program, path: program },
      cpus: formatCpuRanges([...cpus].sort((a, b) => a - b)),
      unit: unit?.name ?? null,
      environment,
      sums,
    },
  ]);
  if (start.leftovers === undefined) return;
  // It keeps the file system busy that its directory is on.
  for (const [target, mount] of mountLook.all(host)) {
    if (mount === null || !start.leftovers.startsWith(`${target}/`)) continue;
    host.put(mountLook, target, { ...mount, users: [...mount.users, { pid: 0, name }] });
  }
};
