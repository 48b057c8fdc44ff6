import { readFileSync } from 'node:fs';
import { startSshServer } from '../../support/ssh-server.ts';
import type { Listening, ServerFiles } from './openssh.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * A server of the tests' own where OpenSSH's is missing. Whoever logs in is called root, with root's environment,
 * and is the user who runs the tests. It logs in the words of OpenSSH.
 */
export const startOwnServer = async ({ hostKeys, authorizedKey, shell }: ServerFiles): Promise<Listening> => {
  let log = '';
  const server = await startSshServer({
    address: '127.0.0.1',
    port: 0,
    hostKey: hostKeys.map((file) => readFileSync(file, 'utf8')),
    authorizedKey: readFileSync(authorizedKey, 'utf8'),
    password: undefined,
    users: ['root'],
    access: {
      command: (_, command) =>
        shell ? ['/bin/bash', '-c', `exec ${shell} -c "$1"`, 'bash', command] : ['/bin/bash', '-c', command],
      environment: (user) => ({ PATH, HOME: '/root', USER: user, LOGNAME: user, SHELL: '/bin/bash' }),
    },
    log: (line) => {
      log += `${line}\n`;
    },
  });
  return { port: server.port, log: () => log, open: server.openCount, stop: server.close };
};
