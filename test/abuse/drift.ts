/** What people and accidents do to a host that was deployed. */
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ZONE_NAME_FILE } from '../../src/core/distributions.ts';
import { TOKEN } from '../support/cluster.ts';
import type { SimulatedHost } from '../support/simulated-hosts.ts';
import { type Entry, type Files, isSame, put } from './host-files.ts';
import type { Random } from './random.ts';
import { EDITED, isShared, OF_OTHERS } from './whole.ts';

type FileEntry = Extract<Entry, { type: 'file' }>;

/** What a deploy has brought, and how the host was before. */
export interface Deployed {
  readonly bare: Files;
  readonly wanted: Files;
}

const STAMP = '/var/lib/fcops/stamp';
/** How fcops knows a version for its own: what else is written there does not matter to it. */
const MARKER = /\/\.fcops-archive$/;

const ofOurs = ({ bare, wanted }: Deployed): [string, Entry][] =>
  [...wanted].filter(
    ([path, entry]) =>
      !isShared(path) && path !== STAMP && !MARKER.test(path) && !isSame(bare.get(path), entry),
  );

const otherText = (random: Random, text: string): string =>
  random.pick([
    () => text.slice(0, Math.floor(text.length / 2)),
    () => `${text}# added by hand\n`,
    () => '',
    () => text.replaceAll('o', '0'),
    () => `#!/bin/bash\nexit 1\n`,
  ])();

/** Changes a file, a link or a directory of ours by hand. */
const changeOne = (random: Random, root: string, deployed: Deployed): void => {
  const [path, entry] = random.pick(ofOurs(deployed));
  // It has gone with its directory.
  if (!existsSync(`${root}${dirname(path)}`)) return;
  if (entry.type === 'directory') {
    rmSync(`${root}${path}`, { recursive: true, force: true });
  } else if (entry.type === 'link') {
    // systemd takes any link for an enabled unit.
    if (path.includes('.wants/') || random.chance(0.5)) rmSync(`${root}${path}`, { force: true });
    else put(root, path, { type: 'link', target: '/usr/share/zoneinfo/UTC' });
  } else {
    changeFile(random, root, path, entry, deployed.bare.has(path));
  }
};

/** `isOlder`: it was there before fcops came, and has an owner and mode of its own. */
const changeFile = (random: Random, root: string, path: string, entry: FileEntry, isOlder: boolean): void => {
  // Who may read a secret is for fcops to say, not for this; of what came in an archive, only the content is fcops'.
  const isForContent = isOlder || entry.text.includes(TOKEN) || path.includes('/versions/');
  const way = random.below(isForContent ? 2 : 4);
  // A host without this file gets none: newer releases have it no more.
  if (way === 0 && path !== ZONE_NAME_FILE) rmSync(`${root}${path}`, { force: true });
  else if (way === 2) put(root, path, { ...entry, mode: random.pick([0o700, 0o711, 0o600, 0o777]) });
  else if (way === 3) put(root, path, { ...entry, owner: '65534:65534' });
  else put(root, path, { ...entry, text: otherText(random, entry.text) });
};

/** A line of others comes into a file that they share with us, or ours go out of it. */
const changeShared = (random: Random, root: string, { bare, wanted }: Deployed): void => {
  const path = random.pick(EDITED);
  const entry = wanted.get(path);
  const before = bare.get(path);
  if (entry?.type !== 'file' || before?.type !== 'file') return;
  const line = `${OF_OTHERS} ${random.below(1000)}\n`;
  const text = random.pick([
    () => before.text,
    () => entry.text + line,
    () => line + entry.text,
    () => line + before.text,
  ])();
  put(root, path, { ...entry, text });
};

const BY_COMMAND: Readonly<Record<'p1' | 'c2', readonly string[]>> = {
  c2: [
    'hostname other-name',
    'echo 1 >/proc/sys/vm/swappiness',
    'crontab -r',
    'timedatectl set-timezone UTC',
  ],
  p1: [
    'hostname other-name',
    'echo 1 >/proc/sys/vm/swappiness',
    'crontab -r',
    'timedatectl set-timezone UTC',
    'umount /opt/hugepages/layer_labels',
    'systemctl stop hugepages',
    'systemctl disable hugepages',
  ],
};

/** Changes a deployed host here and there. */
export const drift = async (
  random: Random,
  { root, sh }: SimulatedHost,
  role: 'p1' | 'c2',
  deployed: Deployed,
): Promise<void> => {
  for (let count = 3 + random.below(10); count > 0; count--) {
    const way = random.fraction();
    if (way < 0.6) changeOne(random, root, deployed);
    else if (way < 0.8) changeShared(random, root, deployed);
    else await sh(`${random.pick(BY_COMMAND[role])} 2>/dev/null || true`);
  }
  if (random.chance(0.3)) {
    const packages = deployed.bare.get('/var/lib/dpkg/status');
    if (packages) put(root, '/var/lib/dpkg/status', packages);
  }
};
