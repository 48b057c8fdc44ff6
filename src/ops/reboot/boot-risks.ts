import { escapeUnseen } from '../../core/invisible.ts';
import { ok } from '../../core/result.ts';
import { toldRows } from '../../core/told-rows.ts';
import { count } from '../../core/units.ts';
import type { Query } from '../../engine/query.ts';
import shell from './boot-risks.sh';

/** What is asked right before a reboot, for where the machine does not come back: what its console may show, by line. */
export const bootRisksQuery: Query<readonly string[]> = {
  name: 'what may keep it from booting',
  script: `${shell}\nfcops_boot_risks`,
  parse: (text) => {
    const told = toldRows(text);
    if (!told.ok) return told;
    return ok(told.value.flatMap(([tag = '', ...fields]) => riskText(tag, fields.map(escapeUnseen))));
  },
  deadline: 30_000,
};

const riskText = (
  tag: string,
  [first = '', second = '', third = '']: readonly string[],
): readonly string[] => {
  switch (tag) {
    case 'fstab':
      return [
        `/etc/fstab, line ${first}: ${second} at ${third} has no nofail; where it is not there the boot stops and waits for somebody (emergency mode)`,
      ];
    case 'array':
      return [`${first} lacked ${count(Number(second), 'disk')} before it was rebooted`];
    case 'unit':
      return [`${first} had failed before it was rebooted`];
    default:
      return [];
  }
};
