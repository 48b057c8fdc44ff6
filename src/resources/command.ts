import type { Resource } from './resource.ts';

export interface CommandSpec {
  readonly name: string;
  /** Read-only bash; status 0: nothing to do. */
  readonly guard: string;
  /** Bash that makes the guard succeed. */
  readonly run: string;
}

export const command = (spec: CommandSpec): Resource => ({
  id: `command:${spec.name}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
