import type { Connect } from './connection.ts';
import type { TransportDeps } from './deps.ts';
import { localConnect } from './local/connect.ts';
import { opensshConnect } from './openssh/connect.ts';
import { ssh2Connect } from './ssh2/connect.ts';
import { loadSsh2 } from './ssh2/library.ts';

export const TRANSPORTS = ['ssh2', 'openssh', 'local'] as const;

/** `ssh2` in this process, the system's ssh for what that cannot do, or this machine itself. */
export type Transport = (typeof TRANSPORTS)[number];

/**
 * The way to open connections by a transport, with all loaded that it needs. Make one for a run: it keeps the gates
 * and caches for all hosts.
 */
export const connector = async (transport: Transport, deps: TransportDeps): Promise<Connect> => {
  switch (transport) {
    case 'ssh2':
      // As long to load as the rest of a login takes: better before the first host is called than while it waits.
      await loadSsh2();
      return ssh2Connect(deps);
    case 'openssh':
      return opensshConnect(deps);
    case 'local':
      return localConnect(deps);
  }
};
