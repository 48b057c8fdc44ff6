import { shellOnHost } from '../../core/next.ts';
import { HOSTNAME_DEADLINE } from '../hostname/step.ts';
import type { Detail, Diff, Resource } from '../resource.ts';
import { changeOr, detail, SAME } from '../resource.ts';
import { askSysctl, sysctlLook } from '../sysctl/look.ts';
import { SYSCTL_DEADLINE } from '../sysctl/step.ts';
import { askManager, askUnit, managerLook, unitLook } from '../systemd/look.ts';
import { SYSTEMD_DEADLINE } from '../systemd/step.ts';
import type { KeptChange } from './kept.ts';
import type { Undoing } from './undoing.ts';
import { changedSince } from './undoing.ts';

type About = Pick<Undoing, 'run' | 'later'>;

/** The name behind the word of a key: `sysctl:vm.swappiness`. */
export const nameIn = ({ key }: Pick<KeptChange, 'key'>): string => key.slice(key.indexOf(':') + 1);

/** What of values is neither as the run left it nor as before: the first of them. */
const strangeIn = (
  changes: readonly KeptChange[],
  nowOf: (change: KeptChange) => string | null,
  about: About,
  command: string,
): Diff | undefined => {
  for (const change of changes) {
    const now = nowOf(change);
    const { was, lefts } = change;
    if (now === null || now === was.state || lefts.some(({ state }) => state === now)) continue;
    const left = lefts.at(-1)?.state ?? was.state;
    return changedSince(about, {
      key: change.key,
      what: nameIn(change),
      how: `it is ${now}, the run left ${left}`,
      next: [shellOnHost(`${command} ${nameIn(change)}`, 'see what it is, and set it as the run left it')],
    });
  }
  return undefined;
};

/** What brings values back: those that are not as before. */
const detailsOf = (changes: readonly KeptChange[], nowOf: (change: KeptChange) => string | null): Detail[] =>
  changes.flatMap((change) => {
    const now = nowOf(change);
    return now === null ? [] : detail(nameIn(change), now, change.was.state);
  });

/** Live settings of the kernel as they were before. */
export const keptSysctl = (changes: readonly KeptChange[], about: About): Resource => ({
  kind: 'sysctl',
  id: 'kept:sysctl',
  title: 'kernel settings',
  asks: changes.map((change) => askSysctl(nameIn(change))),
  provides: [{ type: 'kernel-settings' }],
  diff: (seen) => {
    const unseen = changes.find((change) => sysctlLook.seen(seen, nameIn(change)) === undefined);
    if (unseen) return sysctlLook.unseen(seen, nameIn(unseen));
    const nowOf = (change: KeptChange) => sysctlLook.seen(seen, nameIn(change))?.value ?? null;
    const strange = strangeIn(changes, nowOf, about, 'sysctl');
    if (strange) return strange;
    const details = detailsOf(changes, nowOf);
    const names = new Set(details.map(({ name }) => name));
    const settings = Object.fromEntries(
      changes
        .filter((change) => names.has(nameIn(change)))
        .map((change) => [nameIn(change), change.was.state]),
    );
    return changeOr(details, {
      action: 'update',
      steps: [{ step: 'set-sysctl', settings, deadline: SYSCTL_DEADLINE }],
    });
  },
});

/** Properties of the systemd manager as they were before, once their files are. */
export const keptManager = (changes: readonly KeptChange[], about: About): Resource => ({
  kind: 'manager-settings',
  id: 'kept:manager',
  title: 'settings of systemd',
  asks: changes.map((change) => askManager(nameIn(change))),
  diff: (seen) => {
    const nowOf = (change: KeptChange) => managerLook.seen(seen, nameIn(change)) ?? null;
    const unseen = changes.find((change) => nowOf(change) === null);
    if (unseen) return managerLook.unseen(seen, nameIn(unseen));
    const strange = strangeIn(changes, nowOf, about, 'systemctl show -p');
    if (strange) return strange;
    const properties = Object.fromEntries(changes.map((change) => [nameIn(change), change.was.state]));
    return changeOr(detailsOf(changes, nowOf), {
      action: 'run',
      steps: [{ step: 'reexec-manager', properties, deadline: SYSTEMD_DEADLINE }],
    });
  },
});

/** Whether a unit is started at boot, as before. A unit that has gone is started by nothing. */
export const keptUnit = (change: KeptChange, about: About): Resource => {
  const name = nameIn(change);
  const wanted = change.was.state === 'enabled' ? 'enabled' : 'disabled';
  return {
    kind: 'unit',
    id: `kept:${change.key}`,
    title: `unit ${name}`,
    asks: [askUnit(name)],
    diff: (seen) => {
      const now = unitLook.seen(seen, name);
      if (!now) return unitLook.unseen(seen, name);
      if (now.load === 'not-found' && wanted === 'disabled') return SAME;
      const state = now.file.startsWith('enabled') ? 'enabled' : 'disabled';
      const strange = strangeIn([change], () => state, about, 'systemctl is-enabled');
      if (strange) return strange;
      return changeOr(detail('at boot', state, wanted), {
        action: 'update',
        steps: [{ step: 'put-unit', name, enabled: wanted, active: null, deadline: SYSTEMD_DEADLINE }],
      });
    },
  };
};

/** The name of the running system as before; /etc/hostname is a file like others. */
export const keptHostname = (change: KeptChange, about: About): Resource => ({
  kind: 'hostname',
  id: 'kept:hostname',
  title: 'host name',
  asks: [],
  diff: (seen) => {
    const now = (seen.observedFacts ?? seen.facts).hostname;
    const { was, lefts } = change;
    if (now === was.state) return SAME;
    if (!lefts.some(({ state }) => state === now))
      return changedSince(about, {
        key: change.key,
        what: 'the host name',
        how: `it is ${now}, the run left ${lefts.at(-1)?.state ?? ''}`,
        next: [shellOnHost(`hostname ${was.state}`, 'give it the name of before')],
      });
    return changeOr(detail('running', now, was.state), {
      action: 'update',
      steps: [{ step: 'set-hostname', name: was.state, deadline: HOSTNAME_DEADLINE }],
    });
  },
});
