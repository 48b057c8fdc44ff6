import { words } from '../core/shell.ts';
import { editArguments, editableText, linesOf } from './edits.ts';
import type { Resource } from './resource.ts';
import { changeOr, detail } from './resource.ts';
import type { FileAttributes } from './steps.ts';
import { putFile } from './steps.ts';

const STORED = '/etc/hostname';
const HOSTS = '/etc/hosts';
const NEW_FILE: FileAttributes = { mode: '0644', owner: 'root', group: 'root' };

/**
 * The host's name: /etc/hostname, the running system's, and the line of /etc/hosts that Debian gives the host's
 * own name (127.0.1.1), where there is one.
 */
export const hostname = (name: string): Resource => {
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(name)) {
    throw new RangeError(`not a host name: ${JSON.stringify(name)}`);
  }
  return {
    id: `hostname:${name}`,
    probes: [
      { probe: 'path', path: STORED, text: 'always' },
      { probe: 'path', path: HOSTS, text: 'always' },
    ],
    diff: (seen) => {
      const stored = editableText(seen, STORED);
      if (!stored.ok) return stored.error;
      const hosts = editableText(seen, HOSTS);
      if (!hosts.ok) return hosts.error;
      const before = stored.value?.text.trim() ?? null;
      const file = detail(STORED, before, name);
      const live = detail('running', seen.facts.hostname, name);
      const entries = linesOf(hosts.value?.text ?? '').filter((line) => /^\s*127\.0\.1\.1\s/.test(line));
      const entry = ownEntry(entries, new Set([seen.facts.hostname, before ?? '']), name);
      const named = entry === null ? [] : detail(HOSTS, entries.join('; '), entry);
      const { state = { type: 'absent' } as const } = stored.value ?? {};
      const attributes = state.type === 'file' ? state : NEW_FILE;
      const edit = { line: entry ?? '', drop: entries.filter((line) => line !== entry) };
      return changeOr([...file, ...live, ...named], {
        action: 'update',
        step: [
          ...file.map(() => putFile(STORED, `${name}\n`, attributes, state)),
          ...named.map(() => words('edit_file', HOSTS, ...editArguments(edit))),
          ...live.map(() => words('set_hostname', name)),
        ].join('\n'),
      });
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
