import { count } from '../../core/units.ts';
import type { HardwareFinding } from './finding.ts';
import { notKnown, suspect } from './finding.ts';
import type { Nic } from './nics.ts';
import type { HardwareSeen } from './seen.ts';

/** Times that a link goes up or down in the life of a machine that nothing is wrong with: starts, a switch that restarts. */
const MANY_CHANGES = 20;

/** Whether links stay up, and are as fast as those beside them (handbook 4.2.3). */
export const judgeNics = ({ nics }: Pick<HardwareSeen, 'nics'>): HardwareFinding[] => {
  if (nics.type === 'unknown') return [notKnown('network', `its network cards are not known: ${nics.why}`)];
  const up = nics.value.filter(({ state }) => state === 'up');
  return nics.value.flatMap((nic) => [
    ...((nic.changes ?? 0) >= MANY_CHANGES
      ? [
          suspect(
            'network',
            `${nicText(nic)}: its link went up or down ${count(nic.changes ?? 0, 'time')} since the start`,
          ),
        ]
      : []),
    ...slower(nic, up),
  ]);
};

export const nicText = ({ name, address, mac }: Nic): string =>
  `${name} (${[address, mac].filter(Boolean).join(', ')})`;

const slower = (nic: Nic, up: readonly Nic[]): HardwareFinding[] => {
  if (nic.state !== 'up' || nic.speed === null) return [];
  const card = (one: Nic) => one.address.replace(/\.[\da-f]$/, '');
  const most = Math.max(...up.filter((one) => card(one) === card(nic)).map(({ speed }) => speed ?? 0));
  return nic.speed < most
    ? [suspect('network', `${nicText(nic)} runs at ${nic.speed} Mbit/s, another link of the card at ${most}`)]
    : [];
};
