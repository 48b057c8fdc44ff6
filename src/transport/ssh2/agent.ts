import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type {
  BaseAgent,
  GetStreamCallback,
  IdentityCallback,
  KnownPublicKeys,
  ParsedKey,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';
import { messageOf } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { TransportDeps } from '../deps.ts';
import type { SkippedIdentity } from '../failures/failure.ts';
import type { Ssh2 } from './library.ts';

/** A key that the ssh-agent holds, as an agent that offers this one alone. */
export interface AgentKey {
  readonly blob: Buffer;
  readonly comment: string;
  readonly agent: BaseAgent;
}

/** Milliseconds for the agent to list its keys: nobody is asked for that, so one that waits hangs. */
const DEADLINE = 5_000;

/** The keys of the agent at a socket, in its order, without the types that ssh2 does not know; or why it has none. */
export const listAgentKeys = (
  ssh2: Ssh2,
  deps: Pick<TransportDeps, 'after'>,
  socket: string,
): Promise<Result<readonly AgentKey[], SkippedIdentity>> =>
  new Promise((resolve) => {
    const streams = new Set<Duplex>();
    class Agent extends ssh2.OpenSSHAgent {
      override getStream(callback: GetStreamCallback): void {
        super.getStream((error, stream) => {
          if (stream) streams.add(stream);
          stream?.once('close', () => streams.delete(stream));
          // An agent that does not sign must not keep fcops from ending.
          if (stream instanceof Socket) stream.unref();
          callback(error, stream);
        });
      }
    }
    const agent = new Agent(socket);
    const cancel = deps.after(DEADLINE, () => {
      resolve(err({ kind: 'agent-silent', socket, seconds: DEADLINE / 1000 }));
      for (const stream of streams) stream.destroy();
    });
    agent.getIdentities((error, keys = []) => {
      cancel();
      if (error) resolve(err({ kind: 'agent-failed', socket, detail: messageOf(error) }));
      else resolve(ok(keys.filter(isParsed).map((key) => agentKey(ssh2, agent, key))));
    });
  });

const isParsed = (entry: KnownPublicKeys<ParsedKey>[number]): entry is ParsedKey => 'getPublicSSH' in entry;

/** ssh2 would try all the agent's keys at each host; and ask for the list each time. */
const agentKey = (ssh2: Ssh2, agent: BaseAgent, key: ParsedKey): AgentKey => {
  class OneKeyAgent extends ssh2.BaseAgent {
    override getIdentities(callback: IdentityCallback): void {
      callback(null, [key]);
    }

    override sign(
      publicKey: string | Buffer | ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      if (typeof options === 'function') agent.sign(publicKey, data, options);
      else agent.sign(publicKey, data, options, callback);
    }
  }
  return { blob: key.getPublicSSH(), comment: key.comment, agent: new OneKeyAgent() };
};
