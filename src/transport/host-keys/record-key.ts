import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostKey } from './host-key.ts';
import { knownKeys, knownName, parseKnownHosts } from './known-hosts.ts';

/**
 * Adds a server's key to a known_hosts file, under its address and port, by one append: what is in the file
 * stays, and two writers do not overwrite each other. Makes the file (0600) and its directory (0700).
 * Says whether the key was added, or there already.
 */
export const recordKey = async (
  file: string,
  host: string,
  port: number,
  key: HostKey,
): Promise<'added' | 'present'> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const text = await handle.readFile('utf8');
    const { keys } = knownKeys(parseKnownHosts(text, file), { address: host, port });
    if (keys.some((line) => line.key.blob.equals(key.blob))) return 'present';
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    await handle.write(`${gap}${knownName(host, port)} ${key.type} ${key.blob.toString('base64')}\n`);
    await handle.sync();
    return 'added';
  } finally {
    await handle.close();
  }
};
