import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a unit may take to start or stop, and systemd to read its settings. */
export const SYSTEMD_DEADLINE = 300;

/** Enables, disables, starts and stops a unit, as far as it says. */
export const putUnit = stepKind({
  schema: z.strictObject({
    step: z.literal('put-unit'),
    name: z.string(),
    enabled: z.enum(['enabled', 'disabled']).nullable(),
    active: z.enum(['started', 'stopped']).nullable(),
    deadline: z.int(),
  }),
  shell,
  bash: ({ name, enabled, active }) => words('put_unit', name, enabled ?? '-', active ?? '-'),
});

/** systemd reads its unit files again. */
export const daemonReloadStep = stepKind({
  schema: z.strictObject({ step: z.literal('daemon-reload'), deadline: z.int() }),
  shell: '',
  bash: () => "systemctl daemon-reload || fail 'systemd could not read its units again'",
});

/** systemd is executed again, which stops nothing that runs, and has these properties then. */
export const reexecManager = stepKind({
  schema: z.strictObject({
    step: z.literal('reexec-manager'),
    properties: z.record(z.string(), z.string()),
    deadline: z.int(),
  }),
  shell: '',
  bash: ({ properties }) => words('reexec_manager', ...Object.entries(properties).flat()),
});

/** Removes a unit file of fcops that nothing runs by. */
export const removeUnits = stepKind({
  schema: z.strictObject({
    step: z.literal('remove-units'),
    path: z.string(),
    units: z.array(z.string()).readonly(),
    deadline: z.int(),
  }),
  shell: '',
  bash: ({ path, units }) => words('remove_units', path, ...units),
});
