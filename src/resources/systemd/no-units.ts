import { checkedPath } from '../path/checked-path.ts';
import { askPath, pathLook } from '../path/look.ts';
import { askProcess, runningOf } from '../process/look.ts';
import type { SoughtProcess } from '../process/sought.ts';
import type { Resource } from '../resource.ts';
import { SAME } from '../resource.ts';
import { SYSTEMD_DEADLINE } from './step.ts';

export interface NoUnitsSpec {
  /** A unit file of fcops: `/etc/systemd/system/fcops-p1@.service`. */
  readonly file: string;
  /** Its units: of a template one a process. */
  readonly units: readonly string[];
  /** What may run by them. */
  readonly processes: readonly (SoughtProcess & { readonly name: string })[];
}

/** That a unit file of fcops is gone. It stays as long as something runs by it, which is told and never stopped. */
export const noUnits = ({ file, units, processes }: NoUnitsSpec): Resource => {
  const path = checkedPath(file);
  return {
    kind: 'no-units',
    id: `no-units:${path}`,
    title: `no unit file ${path}`,
    asks: [askPath(path), ...processes.map(askProcess)],
    manages: [`file ${path}`],
    diff: (seen) => {
      const state = pathLook.seen(seen, path);
      if (!state) return pathLook.unseen(seen, path);
      if (state.type === 'absent') return SAME;
      const by = processes.filter(({ repository }) =>
        runningOf(seen, repository)?.some(({ unit }) => unit !== null && units.includes(unit)),
      );
      if (processes.some(({ repository }) => runningOf(seen, repository) === null))
        return { state: 'unknown', reason: 'it cannot be told what runs by its units' };
      if (by.length > 0)
        return {
          state: 'violated',
          violation: {
            message: `${path} stays as long as ${by.map(({ name }) => name).join(', ')} ${by.length === 1 ? 'runs' : 'run'} by it`,
            severity: 'warn',
          },
        };
      return {
        state: 'change',
        change: {
          action: 'remove',
          details: [],
          steps: [{ step: 'remove-units', path, units: [...units], deadline: SYSTEMD_DEADLINE }],
        },
      };
    },
  };
};
