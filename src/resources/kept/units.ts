import { askProcess, runningOf } from '../process/look.ts';
import type { SoughtProcess } from '../process/sought.ts';
import type { Diff, Resource } from '../resource.ts';

/** A unit file of fcops, of processes. */
const OWN_UNIT = /^\/etc\/systemd\/system\/(fcops-[a-z0-9-]+@?\.service)$/;

/** Processes of a host; null: what it runs could not be worked out. */
export type KnownProcesses = readonly (SoughtProcess & { readonly name: string })[] | null;

/** A unit file of fcops is not taken away as long as something runs by it, as it is not by a deploy (`noUnits`). */
export const notWhileRunning = (resource: Resource, path: string, processes: KnownProcesses): Resource => {
  const file = OWN_UNIT.exec(path)?.[1];
  if (file === undefined) return resource;
  return {
    ...resource,
    asks: [...resource.asks, ...(processes ?? []).map(askProcess)],
    diff: (seen, context) => {
      const diff = resource.diff(seen, context);
      if (diff.state !== 'change' || diff.change.action !== 'remove') return diff;
      const running = processes?.map(({ name, repository }) => ({ name, all: runningOf(seen, repository) }));
      if (!running || running.some(({ all }) => all === null))
        return stays(path, 'it cannot be told what runs by it');
      const by = running.filter(({ all }) => all?.some(({ unit }) => unit !== null && fileOf(unit) === file));
      if (by.length === 0) return diff;
      return stays(
        path,
        `${by.map(({ name }) => name).join(', ')} ${by.length === 1 ? 'runs' : 'run'} by it`,
      );
    },
  };
};

/** `fcops-p1@.service` of `fcops-p1@3.service`. */
const fileOf = (unit: string): string => unit.replace(/@\d+\./, '@.');

const stays = (path: string, why: string): Diff => ({
  state: 'violated',
  violation: { message: `${path} stays: ${why}`, severity: 'warn' },
});
