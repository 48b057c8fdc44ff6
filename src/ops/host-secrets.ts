import { isSecretName } from '../core/others-secrets.ts';
import { SHORTEST_SECRET } from '../core/secret.ts';

/** Variables that hold the way to an API of lotus: a token, and behind it the address, which is no secret. */
const API_INFO = /_API_INFO$/;

/**
 * The secrets in the variables of a host's profile (`name=value` with NULs between, in base64): tokens of APIs, and
 * values whose names say that they are secrets. Shorter ones could not be masked without giving them away.
 */
export const profileSecrets = (base64: string): readonly string[] => {
  const variables = Buffer.from(base64, 'base64').toString('utf8').split('\0');
  const values = variables.flatMap((variable) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(variable) ?? [];
    if (API_INFO.test(name)) return [value.slice(0, Math.max(0, value.indexOf(':')))];
    return isSecretName(name) ? [value] : [];
  });
  return [...new Set(values.filter((value) => value.trim().length >= SHORTEST_SECRET))];
};
