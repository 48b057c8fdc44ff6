import { Session } from '../engine/session.ts';
import type { Target } from '../transport/connection.ts';
import type { OpsDeps } from './deps.ts';
import type { RoleHosts } from './role-work.ts';

/** A session with a host of a request, which nobody has asked anything yet; what the host says is masked for it. */
export const sessionOf = (
  target: Target,
  { reveal, digest, redact }: Pick<RoleHosts, 'reveal' | 'digest' | 'redact'>,
  { connect, now, after, emit, signal }: Pick<OpsDeps, 'connect' | 'now' | 'after' | 'emit' | 'signal'>,
): Session => new Session(target, { connect, now, after, reveal, digest, redact, emit, signal });
