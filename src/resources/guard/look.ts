import { withoutComments, words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import { networkShell } from '../mounts/look.ts';
import { unescapeText } from '../text/text.ts';
import shell from './look.sh';

/** A read-only script with an answer: its status, and the first lines that it prints. It has no text of several lines. */
export interface GuardAsk extends Ask {
  readonly look: 'guard';
  readonly name: string;
  readonly script: string;
}

/** Of a guard that was run nowhere: no script ends with it. */
export const BARE_STATUS = -1;

/** What a guard came to. */
export interface GuardState {
  readonly status: number;
  readonly output: string;
}

/** What a read-only script says. */
export const askGuard = (name: string, script: string): GuardAsk => ({ look: 'guard', name, script });

/** Read-only scripts: status and the first lines of what they print. */
export const guardLook = defineLook<GuardAsk, GuardState>({
  name: 'guard',
  is: (ask): ask is GuardAsk => ask.look === 'guard',
  shell: [networkShell, shell],
  key: ({ name }) => name,
  merge: (a, b) => {
    if (a.script !== b.script) throw new RangeError(`two guards are called ${JSON.stringify(a.name)}`);
    return a;
  },
  call: (asks) =>
    asks.map(({ name, script }) => words('fcops_guard', name, withoutComments(script))).join('\n'),
  bare: () => ({ status: BARE_STATUS, output: '' }),
  rows: ['guard', 'noguard'],
  parse: (rows) => ({
    seen: new Map(
      rows
        .filter(([tag]) => tag === 'guard')
        .map(([, name = '', status, output = '']) => [
          name,
          { status: Number(status), output: unescapeText(output) },
        ]),
    ),
    reasons: new Map(rows.filter(([tag]) => tag === 'noguard').map(([, name = '', why = '']) => [name, why])),
  }),
});
