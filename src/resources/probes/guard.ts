import { words } from '../../core/shell.ts';
import { checkedScript } from '../names.ts';
import type { GuardState } from '../observation.ts';
import shell from './guard.sh';
import type { GuardProbe } from './probe.ts';
import type { ProbeSort } from './sort.ts';
import { unescapeText } from './text.ts';

/** Read-only scripts: status and the first lines of what they print. */
export const guardSort: ProbeSort<GuardProbe, GuardState> = {
  probe: 'guard',
  shell,
  key: ({ name }) => name,
  merge: (a, b) => {
    if (a.script !== b.script) throw new RangeError(`two guards are called ${JSON.stringify(a.name)}`);
    return a;
  },
  call: (probes) =>
    probes
      .map(({ name, script }) => `${words('fcops_guard', name)} <<'FCOPS'\n${checkedScript(script)}\nFCOPS`)
      .join('\n'),
  rows: ['guard'],
  parse: (rows) => ({
    seen: new Map(
      rows.map(([, name = '', status, output = '']) => [
        name,
        { status: Number(status), output: unescapeText(output) },
      ]),
    ),
    reasons: new Map(),
  }),
};
