import { readFileSync } from 'node:fs';
import ssh2, { type ConnectConfig } from 'ssh2';

/** How a command over SSH ended. `status` is undefined where the connection was lost first. */
export interface SshAnswer {
  readonly status: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what key; `user` is root where it is left out. */
export interface SshDestination {
  readonly address: string;
  readonly port: number;
  readonly privateKey: string;
  readonly user?: string;
  readonly password?: string;
}

/**
 * Runs one command with `input` on its standard input, by the plainest use of ssh2 and any host key: for
 * tests of the hosts themselves. Rejects where the login fails.
 */
export const runOverSsh = (
  { address, port, privateKey, user = 'root', password }: SshDestination,
  command: string,
  input: string | Uint8Array = '',
): Promise<SshAnswer & { readonly hostKey: string }> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let hostKey = '';
    const login: ConnectConfig =
      password === undefined ? { privateKey: readFileSync(privateKey) } : { password };
    client.on('error', reject);
    client.on('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let stdout = '';
        let stderr = '';
        channel.setEncoding('utf8').on('data', (text: string) => {
          stdout += text;
        });
        channel.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text;
        });
        channel.on('close', (status: number | null | undefined) => {
          client.end();
          resolve({ status, stdout, stderr, hostKey });
        });
        channel.end(input);
      });
    });
    client.connect({
      host: address,
      port,
      username: user,
      ...login,
      hostVerifier: (key: Buffer) => {
        hostKey = key.toString('base64');
        return true;
      },
    });
    client.setNoDelay(true);
  });
