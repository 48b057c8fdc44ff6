import type { Client, ParsedKey } from 'ssh2';

/** The hash that goes with a signature algorithm where the key's type alone does not tell. */
const HASHES: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

/**
 * Has a client offer the keys of files with their signature, in place of asking first whether the server would take
 * them: one round trip less for each login. Keys in an agent are asked about, as their owner may be asked for each
 * signature. There is no option for it: ssh2 (1.17) leaves the signature to what it calls on its protocol, and does
 * without where it is called in another way. Call it when the client connects.
 */
export const signAtOnce = (client: Client): void => {
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (typeof protocol !== 'object' || protocol === null) return;
  const offer: unknown = Reflect.get(protocol, 'authPK');
  if (typeof offer !== 'function') return;
  const offered = (user: string, key: ParsedKey, algorithm?: string, ...rest: unknown[]): unknown => {
    const call = (...more: unknown[]): unknown =>
      Reflect.apply(offer, protocol, [user, key, algorithm, ...more]);
    if (rest.length > 0 || !key.isPrivateKey()) return call(...rest);
    return call((data: Buffer, send: (signature: Buffer) => void) => {
      const signature = key.sign(data, algorithm === undefined ? undefined : HASHES[algorithm]);
      // What cannot be signed is offered without, and then ssh2 says what is wrong.
      if (signature instanceof Error) call();
      else send(signature);
    });
  };
  Reflect.set(protocol, 'authPK', offered);
};
