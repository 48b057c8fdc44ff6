import { formatBytes, KiB } from '../../core/units.ts';
import { printable } from './width.ts';

/**
 * A resource's id as people read it: `file:/etc/fstab` → `file /etc/fstab`, `command:start APx` → `start APx`,
 * `hugepages:1048576` → `hugepages of 1 GiB`. One that stands for many is called by its kind alone, as what
 * follows names each: `packages:curl,cron,bc+22` → `packages`.
 */
export const resourceName = (id: string): string => {
  const [, kind = '', name = id] = /^([^:]*):(.*)$/s.exec(id) ?? [];
  if (kind === 'command') return printable(name);
  if (kind === 'hugepages' && /^\d+$/.test(name)) return `hugepages of ${formatBytes(Number(name) * KiB)}`;
  if ((kind === 'packages' || kind === 'sysctl') && /\+\d+$/.test(name)) return kind;
  return printable(id.replace(':', ' '));
};
