import { describePlace, type Problem } from '../core/errors.ts';
import { quote } from '../core/shell.ts';
import type { Endpoint } from './connection.ts';
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
): Pick<Problem, 'what' | 'why' | 'next'> => {
  const name = endpoint.hostKeyAlias ?? knownName(endpoint.address, endpoint.port);
  const presented = `it presents ${key ?? 'another key'}`;
  const missing = `${endpoint.knownHosts} has no key for it`;
  switch (verdict.kind) {
    case 'unknown':
      return {
        what: `the host key of ${name} is not known`,
        why: key === undefined ? missing : `${presented}, and ${missing}`,
        next:
          key === undefined
            ? // The system's ssh does not print it; `fcops trust` does, and asks.
              `look up the host's own fingerprint, then: fcops trust ${host}`
            : `compare the fingerprint with the host's own, then: fcops trust ${host}`,
      };
    case 'changed':
      return {
        what: `THE HOST KEY OF ${name} HAS CHANGED; nothing was sent to it`,
        why:
          `${presented}; recorded: ${verdict.recorded.map(recordedAt).join(', ')}. ` +
          'Someone may be in the middle, or the host was reinstalled',
        next: `if it was reinstalled: ${forget(name, verdict.recorded)}; fcops trust ${host}`,
      };
    case 'revoked':
      return {
        what: `THE HOST KEY OF ${name} IS REVOKED; nothing was sent to it`,
        why: `${presented}, which is marked @revoked: ${recordedAt(verdict.recorded)}`,
        next: 'give the host a new key (ssh-keygen -A), and find out how the old one got lost',
      };
    case 'certificate-only':
      return {
        what: `the host key of ${name} is known by certificate only, which fcops' own SSH does not speak`,
        why: `@cert-authority: ${recordedAt(verdict.recorded)}`,
        next: `use the system ssh: --transport openssh; or record the host's own key: fcops trust ${host}`,
      };
  }
};

/** The commands that take a host's keys out of the files in which they are. */
const forget = (name: string, recorded: readonly KnownHost[]): string =>
  [...new Set(recorded.map(({ file }) => file))]
    .map((file) => `ssh-keygen -R ${quote(name)} -f ${quote(file)}`)
    .join('; ');
