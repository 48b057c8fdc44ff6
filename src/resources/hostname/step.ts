import * as z from 'zod';
import { words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import shell from './step.sh';

/** Seconds that a host name may take to be set. */
export const HOSTNAME_DEADLINE = 60;

/** Sets the running system's name. */
export const setHostname = stepKind({
  schema: z.strictObject({ step: z.literal('set-hostname'), name: z.string(), deadline: z.int() }),
  shell,
  bash: ({ name }) => words('set_hostname', name),
});
