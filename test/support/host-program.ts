import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlainHost } from './host-set.ts';

/** Puts a program of bash before whatever a host has by this name. */
export const installProgram = (host: Pick<PlainHost, 'root'>, name: string, text: string): Promise<void> =>
  writeFile(join(host.root, 'usr/local/bin', name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
