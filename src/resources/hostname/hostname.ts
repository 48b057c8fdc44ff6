import { editableText, linesOf } from '../edits/edits.ts';
import { EDIT_DEADLINE } from '../edits/step.ts';
import { putText } from '../file/put-text.ts';
import type { Step } from '../kinds.ts';
import { askText } from '../path/look.ts';
import type { Resource } from '../resource.ts';
import { changeOr, detail, detailOfOthers } from '../resource.ts';
import { HOSTNAME_DEADLINE } from './step.ts';

const STORED = '/etc/hostname';
const HOSTS = '/etc/hosts';

/**
 * The host's name: /etc/hostname, the running system's, and the line of /etc/hosts that Debian gives the host's
 * own name (127.0.1.1), where there is one.
 */
export const hostname = (name: string): Resource => {
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(name)) {
    throw new RangeError(`not a host name: ${JSON.stringify(name)}`);
  }
  return {
    kind: 'hostname',
    id: `hostname:${name}`,
    title: `hostname ${name}`,
    asks: [askText(STORED), askText(HOSTS)],
    leaves: (host) => {
      host.hostname = name;
      host.putText(STORED, `${name}\n`);
    },
    manages: ['host name'],
    diff: (seen) => {
      const stored = editableText(seen, STORED);
      if (!stored.ok) return stored.error;
      const hosts = editableText(seen, HOSTS);
      if (!hosts.ok) return hosts.error;
      const before = stored.value?.text.trim() ?? null;
      const file = detailOfOthers(STORED, before, name);
      const live = detail('running', seen.facts.hostname, name);
      const entries = linesOf(hosts.value?.text ?? '').filter((line) => /^\s*127\.0\.1\.1\s/.test(line));
      const entry = ownEntry(entries, new Set([seen.facts.hostname, before ?? '']), name);
      const named = entry === null ? [] : detailOfOthers(HOSTS, entries.join('; '), entry);
      const edit = { line: entry ?? '', drop: entries.filter((line) => line !== entry) };
      const steps: Step[] = [
        ...file.map(() => putText(STORED, `${name}\n`, stored.value?.state)),
        ...named.map((): Step => ({ step: 'edit-lines', path: HOSTS, ...edit, deadline: EDIT_DEADLINE })),
        ...live.map((): Step => ({ step: 'set-hostname', name, deadline: HOSTNAME_DEADLINE })),
      ];
      return changeOr([...file, ...live, ...named], { action: 'update', steps });
    },
  };
};

/** The one line of 127.0.1.1 with the new name first: aliases stay, but for the old name's. */
const ownEntry = (entries: readonly string[], old: ReadonlySet<string>, name: string): string | null => {
  if (entries.length === 0) return null;
  const names = entries.flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && names.includes(name)) return first;
  const kept = names.filter((alias) => alias !== name && !old.has(alias.split('.')[0] ?? ''));
  return ['127.0.1.1', name, ...new Set(kept)].join(' ');
};
