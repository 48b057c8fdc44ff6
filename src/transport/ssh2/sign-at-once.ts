import type { BaseAgent, Client, ParsedKey, SigningRequestOptions } from 'ssh2';
import type { Identities } from './identities.ts';

type Hash = 'sha256' | 'sha512';

/** The hash that goes with a signature algorithm where the key's type alone does not tell. */
const HASHES: Readonly<Record<string, Hash>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

/**
 * Has a client offer keys with their signature, in place of asking first whether the server would take them: one
 * round trip less for each login. Of an agent only where it is for one key alone: its owner may be asked for each
 * signature. There is no option for it: ssh2 (1.17) leaves the signature to what it calls on its protocol, and does
 * without where it is called in another way. Call it when the client connects.
 */
export const signAtOnce = (client: Client, { usable }: Identities): void => {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (typeof protocol !== 'object' || protocol === null) return;
  const offer: unknown = Reflect.get(protocol, 'authPK');
  if (typeof offer !== 'function') return;
  const agents = usable.flatMap((identity) => (identity.kind === 'agent' ? [identity.agent] : []));
  const agent = agents.length === 1 ? agents[0] : undefined;
  const offered = (user: string, key: ParsedKey, algorithm?: string, ...rest: unknown[]): unknown => {
    const call = (...more: unknown[]): unknown =>
      Reflect.apply(offer, protocol, [user, key, algorithm, ...more]);
    const sign = signer(key, agent, algorithm === undefined ? undefined : HASHES[algorithm]);
    if (rest.length > 0 || sign === undefined) return call(...rest);
    return call((data: Buffer, send: (signature: Buffer) => void) =>
      // What cannot be signed is offered without, and then ssh2 says what is wrong.
      sign(data, (signature) => (signature === undefined ? call() : send(signature))),
    );
  };
  Reflect.set(protocol, 'authPK', offered);
};

type Sign = (data: Buffer, signed: (signature: Buffer | undefined) => void) => void;

/** How a key signs; undefined where the server is to be asked first. */
const signer = (key: ParsedKey, agent: BaseAgent | undefined, hash: Hash | undefined): Sign | undefined => {
  if (key.isPrivateKey())
    return (data, signed) => {
      const signature = key.sign(data, hash);
      signed(signature instanceof Error ? undefined : signature);
    };
  if (agent === undefined) return undefined;
  const options: SigningRequestOptions = hash === undefined ? {} : { hash };
  return (data, signed) =>
    agent.sign(key, data, options, (error, signature) => signed(error ? undefined : signature));
};
