import * as z from 'zod';
import { quote } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';

/**
 * Bash that has the machine started anew where it is still at this boot: who gives the order twice, as after a controller
 * was killed, has it started anew once. What is going down already is told nothing more.
 */
export const rebootOrder = (boot: string): string =>
  [
    `[[ $(cat /proc/sys/kernel/random/boot_id) == ${quote(boot)} ]] || exit 0`,
    '[[ $(timeout 5 systemctl is-system-running 2>/dev/null) != stopping ]] || exit 0',
    'exec timeout 25 systemctl reboot',
  ].join('\n');

/** Starts the machine anew, where it is still at the boot that was seen. */
export const rebootMachine = stepKind({
  schema: z.strictObject({
    step: z.literal('reboot'),
    /** Its boot id. */
    boot: z.string(),
    deadline: z.int(),
  }),
  shell: '',
  // Nothing that the runner has to do comes after it.
  bash: ({ boot }) => `(\n${rebootOrder(boot)}\n)`,
});
