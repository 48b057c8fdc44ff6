import { distributionSeen, ZONE_NAME_FILE as NAME } from '../../core/distributions.ts';
import { edit } from '../../core/next.ts';
import { editableText } from '../edits/edits.ts';
import { putText } from '../file/put-text.ts';
import type { Step } from '../kinds.ts';
import { LINK_DEADLINE } from '../link/step.ts';
import { checkedPath } from '../path/checked-path.ts';
import { askPath, askSum, askText, pathLook } from '../path/look.ts';
import { stateWord } from '../path/state.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail, detailOfOthers } from '../resource.ts';

const ZONES = '/usr/share/zoneinfo';
const LOCALTIME = '/etc/localtime';
/** The time zone (`Asia/Shanghai`, handbook 2.2.2.3): the link /etc/localtime, and /etc/timezone where the host has it. */
export const timezone = (zone: string): Resource => {
  const file = checkedPath(`${ZONES}/${zone}`);
  return {
    kind: 'timezone',
    id: `timezone:${zone}`,
    title: `timezone ${zone}`,
    asks: [askSum(LOCALTIME), askText(NAME), askPath(file)],
    needs: [{ type: 'packages' }],
    leaves: (host) => {
      host.putPath(LOCALTIME, { type: 'link', target: file });
      host.putText(NAME, `${zone}\n`);
    },
    manages: ['time zone'],
    diff: (seen, { pending }) => {
      const there = pathLook.seen(seen, file);
      if (!there) return pathLook.unseen(seen, file);
      if (there.type === 'absent' && !pending({ type: 'packages' })) {
        return {
          state: 'violated',
          violation: {
            message: `the host knows no time zone ${zone}: ${file} is not there`,
            next: [edit('correct the name of the zone, or install tzdata')],
            severity: 'enforce',
          },
        };
      }
      const localtime = pathLook.seen(seen, LOCALTIME);
      if (!localtime) return pathLook.unseen(seen, LOCALTIME);
      const name = editableText(seen, NAME);
      if (!name.ok) return name.error;
      const target = localtime.type === 'link' ? localtime.target : localtime.type;
      const link = target === file || target === `..${file}` ? [] : detail(LOCALTIME, target, file);
      const kept = distributionSeen(seen.facts.os)?.keepsZoneName ? name.value : null;
      const stored = kept === null ? [] : detailOfOthers(NAME, kept.text.trim(), zone);
      const seenWord = stateWord(localtime);
      const steps: Step[] = [
        ...link.map(
          (): Step => ({
            step: 'put-link',
            path: LOCALTIME,
            target: file,
            // It comes with a package, or it does not.
            mustExist: true,
            seen: seenWord,
            deadline: LINK_DEADLINE,
          }),
        ),
        ...stored.map(() => putText(NAME, `${zone}\n`, kept?.state)),
      ];
      return changeOr([...link, ...stored], { action: 'update', steps });
    },
  };
};
