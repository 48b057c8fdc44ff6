import type { Resource } from './resource.ts';

export interface CronSpec {
  readonly user: string;
  /** Schedule and command. */
  readonly line: string;
  /** Source of a regular expression that finds the entries which `line` stands for. */
  readonly match: string;
}

export const cron = (spec: CronSpec): Resource => ({
  id: `cron:${spec.user}:${spec.match}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
