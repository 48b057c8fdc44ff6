import type { Endpoint, Target } from '../connection.ts';
import { dropped, type Failure } from '../failures/failure.ts';
import { type KnownKeys, knownName } from '../host-keys/known-hosts.ts';

/** Rules from what OpenSSH's client prints (9.2 and before) to what it means; the first that fits counts. */
const RULES: readonly (readonly [pattern: RegExp, failure: (match: RegExpExecArray) => Failure])[] = [
  [/Could not resolve hostname \S+: (.*)/, ([, why = '']) => ({ kind: 'dns', code: dnsCode(why) })],
  // What a bastion says of the host behind it; it may be a refused connection as well.
  [
    /(administratively prohibited|open failed: .*|stdio forwarding failed)/,
    ([, detail = '']) => ({ kind: 'forward', detail }),
  ],
  [/Connection refused/, () => ({ kind: 'refused' })],
  [
    /((?:No route to host|Network is unreachable|Host is down))/,
    ([, detail = '']) => ({ kind: 'unreachable', detail }),
  ],
  [/Too many authentication failures/, () => denied([])],
  [/Permission denied \(([^)]*)\)/, ([, methods = '']) => denied(methods.split(','))],
  [/(no matching .* found.*|Unable to negotiate .*)/, ([, detail = '']) => ({ kind: 'algorithms', detail })],
  [/(banner line contains invalid characters)/, () => ({ kind: 'not-ssh', said: 'something else than SSH' })],
  [/(Not allowed at this time|Exceeded MaxStartups)/, ([, said = '']) => dropped(said)],
  [
    /kex_exchange_identification|banner exchange: (?!.*timed out)|Connection reset by peer|Connection closed by (?!.*\[preauth\])/,
    () => dropped(''),
  ],
];

/** Which server the ssh of a target complains of: a bastion, whose ssh writes to the same standard error, or the target. */
export const culprit = (target: Target, stderr: string): Endpoint => {
  const isNamed = ({ address, port, user, hostKeyAlias }: Endpoint) =>
    [
      `known for ${hostKeyAlias ?? knownName(address, port)} `,
      `key for ${hostKeyAlias ?? knownName(address, port)} `,
      `connect to host ${address} port ${port}`,
      `${user}@${address}: Permission denied`,
    ].some((words) => stderr.includes(words));
  return target.proxyJump.find(isNamed) ?? target;
};

/** Why ssh could not connect, from its standard error; `known` is what known_hosts says of the server. */
export const opensshFailure = (endpoint: Endpoint, known: KnownKeys, stderr: string): Failure => {
  if (/timed out/.test(stderr)) {
    return { kind: 'timeout', stage: 'connect', seconds: endpoint.connectTimeout };
  }
  const hostKey = hostKeyFailure(known, stderr);
  if (hostKey) return hostKey;
  for (const [pattern, failure] of RULES) {
    const match = pattern.exec(stderr);
    if (match) return failure(match);
  }
  return { kind: 'other', detail: stderr.trim().slice(-500) || 'ssh gave no reason' };
};

const hostKeyFailure = (known: KnownKeys, stderr: string): Failure | undefined => {
  const [authority] = known.authorities;
  const [revoked] = known.revoked;
  if (/REVOKED HOST KEY|marked as revoked|is revoked/i.test(stderr) && revoked) {
    return { kind: 'host-key', verdict: { kind: 'revoked', recorded: revoked } };
  }
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i.test(stderr)) {
    const [fingerprint] = /SHA256:[\w+/]+/.exec(stderr) ?? [];
    const verdict = { kind: 'changed', recorded: known.keys } as const;
    return { kind: 'host-key', verdict, ...(fingerprint && { fingerprint }) };
  }
  if (!/Host key verification failed|host key is known for/i.test(stderr)) return undefined;
  // ssh calls a key of another type than the recorded ones unknown; fcops calls it changed, as with ssh2.
  const recorded = known.keys;
  if (recorded.length > 0) return { kind: 'host-key', verdict: { kind: 'changed', recorded } };
  if (authority) return { kind: 'host-key', verdict: { kind: 'certificate-only', recorded: authority } };
  return { kind: 'host-key', verdict: { kind: 'unknown' } };
};

const denied = (accepted: readonly string[]): Failure => ({
  kind: 'authentication',
  tried: ['the keys and agent of the system ssh'],
  skipped: [],
  accepted,
});

const dnsCode = (why: string): string => (/temporary/i.test(why) ? 'EAI_AGAIN' : 'ENOTFOUND');
