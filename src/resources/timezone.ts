import { words } from '../core/shell.ts';
import { editableText } from './edits.ts';
import { packagesPending } from './names.ts';
import { unseen } from './observation.ts';
import { checkedPath } from './path.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';
import { putFile, stateWord } from './steps.ts';

const ZONES = '/usr/share/zoneinfo';
const LOCALTIME = '/etc/localtime';
/** Debian and Ubuntu keep the name a second time. */
const NAME = '/etc/timezone';
const DEBIAN = new Set(['debian', 'ubuntu']);

/** The time zone (`Asia/Shanghai`, handbook 2.2.2.3): the link /etc/localtime, and on Debian /etc/timezone. */
export const timezone = (zone: string): Resource => {
  const file = checkedPath(`${ZONES}/${zone}`);
  return {
    id: `timezone:${zone}`,
    probes: [
      { probe: 'path', path: LOCALTIME, text: 'unless' },
      { probe: 'path', path: NAME, text: 'always' },
      { probe: 'path', path: file, text: 'never' },
    ],
    diff: (seen, pending) => {
      const there = seen.paths.get(file);
      if (!there) return unseen(seen, `path ${file}`);
      if (there.type === 'absent' && !packagesPending(pending)) {
        return {
          state: 'violated',
          violation: {
            message: `the host knows no time zone ${zone}: ${file} is not there`,
            next: 'correct the name of the zone, or install tzdata',
            severity: 'enforce',
          },
        };
      }
      const localtime = seen.paths.get(LOCALTIME);
      if (!localtime) return unseen(seen, `path ${LOCALTIME}`);
      const name = editableText(seen, NAME);
      if (!name.ok) return name.error;
      const target = localtime.type === 'link' ? localtime.target : localtime.type;
      const link = target === file || target === `..${file}` ? [] : detail(LOCALTIME, target, file);
      const before = name.value?.text.trim() ?? null;
      const stored = DEBIAN.has(seen.facts.os.id) ? detail(NAME, before, zone) : [];
      const { state = { type: 'absent' } as const } = name.value ?? {};
      const attributes =
        state.type === 'file' ? state : ({ mode: '0644', owner: 'root', group: 'root' } as const);
      return changeOr([...link, ...stored], {
        action: 'update',
        step: [
          ...link.map(() => words('put_link', LOCALTIME, file, stateWord(localtime))),
          ...stored.map(() => putFile(NAME, `${zone}\n`, attributes, state)),
        ].join('\n'),
      });
    },
  };
};
