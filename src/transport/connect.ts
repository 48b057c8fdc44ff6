import type { Connect } from './connection.ts';
import type { TransportDeps } from './deps.ts';

export const TRANSPORTS = ['ssh2', 'openssh', 'local'] as const;

/** `ssh2` in this process, the system's ssh for what that cannot do, or this machine itself. */
export type Transport = (typeof TRANSPORTS)[number];

/**
 * The way to open connections by a transport, with all loaded that it needs. Make one for a run: it keeps the gates
 * and caches for all hosts.
 */
export const connector = async (transport: Transport, deps: TransportDeps): Promise<Connect> => {
  switch (transport) {
    case 'ssh2': {
      const [{ ssh2Connect }, { loadSsh2 }] = await Promise.all([
        import('./ssh2/connect.ts'),
        import('./ssh2/library.ts'),
      ]);
      // Better before the first host is called than while it waits.
      await loadSsh2();
      return ssh2Connect(deps);
    }
    case 'openssh':
      return (await import('./openssh/connect.ts')).opensshConnect(deps);
    case 'local':
      return (await import('./local/connect.ts')).localConnect(deps);
  }
};
