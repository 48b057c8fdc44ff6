import { edit, fcopsCommand, look, type Next, shellHere } from '../../core/next.ts';
import { describePlace, type Problem } from '../../core/problem.ts';
import { quote } from '../../core/shell.ts';
import type { Endpoint } from '../connection.ts';
import { describeKey } from './host-key.ts';
import { type HostKeyVerdict, type KnownHost, knownName } from './known-hosts.ts';

const recordedAt = ({ file, line, key }: KnownHost): string =>
  `${describeKey(key)} (${describePlace({ file, line })})`;

/** A refused host key in plain words; `host` is the name that `fcops trust` takes. */
export const explainHostKey = (
  endpoint: Endpoint,
  verdict: Exclude<HostKeyVerdict, { kind: 'match' }>,
  /** The key that the server presents, described; undefined where that is not known. */
  key: string | undefined,
  host: string,
): Omit<Problem, 'where'> => {
  const name = endpoint.hostKeyAlias ?? knownName(endpoint.address, endpoint.port);
  const presented = `it presents ${key ?? 'another key'}`;
  const missing = `${endpoint.knownHosts} has no key for it`;
  switch (verdict.kind) {
    case 'unknown':
      return {
        kind: 'unknown-host-key',
        what: `the host key of ${name} is not known`,
        why: key === undefined ? missing : `${presented}, and ${missing}`,
        next: [
          fcopsCommand(
            ['trust', host],
            key === undefined
              ? // The system's ssh does not print it; `fcops trust` does, and asks.
                "look up the host's own fingerprint, then"
              : "compare the fingerprint with the host's own, then",
          ),
        ],
      };
    case 'changed':
      return {
        kind: 'refused-host-key',
        what: `THE HOST KEY OF ${name} HAS CHANGED; nothing was sent to it`,
        why:
          `${presented}; recorded: ${verdict.recorded.map(recordedAt).join(', ')}. ` +
          'Someone may be in the middle, or the host was reinstalled',
        next: forgetAndTrust(name, verdict.recorded, host),
      };
    case 'revoked':
      return {
        kind: 'refused-host-key',
        what: `THE HOST KEY OF ${name} IS REVOKED; nothing was sent to it`,
        why: `${presented}, which is marked @revoked: ${recordedAt(verdict.recorded)}`,
        next: [look('give the host a new key (ssh-keygen -A), and find out how the old one got lost')],
      };
    case 'certificate-only':
      return {
        kind: 'refused-host-key',
        what: `the host key of ${name} is known by certificate only, which fcops' own SSH does not speak`,
        why: `@cert-authority: ${recordedAt(verdict.recorded)}`,
        next: [
          edit('use the system ssh: --transport openssh'),
          fcopsCommand(['trust', host], "or record the host's own key"),
        ],
      };
  }
};

/** The commands that take a host's keys out of the files in which they are, and then the one that records its new key. */
const forgetAndTrust = (name: string, recorded: readonly KnownHost[], host: string): readonly Next[] => {
  const condition = 'if it was reinstalled';
  const files = [...new Set(recorded.map(({ file }) => file))];
  const forget = files.map((file, index) =>
    shellHere(`ssh-keygen -R ${quote(name)} -f ${quote(file)}`, index === 0 ? condition : undefined),
  );
  return [...forget, fcopsCommand(['trust', host], forget.length === 0 ? condition : undefined)];
};
