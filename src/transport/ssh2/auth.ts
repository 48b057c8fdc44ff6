import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from 'ssh2';
import type { Identities, Identity } from './identities.ts';

/** sshd's MaxAuthTries is 6, and it hangs up at the sixth. */
const MOST_TRIES = 5;

/** How a login went, for the message about its failure. */
export interface AuthLog {
  readonly tried: readonly string[];
  /** What the server said it accepts; empty where it was not asked or did not say. */
  readonly accepted: readonly string[];
}

/**
 * Offers one identity at a time, the next one only where the server turned that down, and none by a method
 * that it does not accept. There is no `none` try first, as ssh2 has it by default: one round trip less.
 */
export const authentication = (
  user: string,
  { usable }: Identities,
): { readonly handler: AuthHandlerMiddleware; readonly log: () => AuthLog } => {
  const left = [...usable];
  const tried: string[] = [];
  let accepted: readonly AuthenticationType[] = [];

  const next = (): AnyAuthMethod | false => {
    for (let identity = left.shift(); identity; identity = left.shift()) {
      const method = methodFor(identity, user, accepted);
      if (!method) continue;
      if (tried.length >= MOST_TRIES) return false;
      tried.push(identity.label);
      return method;
    }
    return false;
  };
  return {
    // ssh2 takes `false` for "no more", which its types leave out.
    handler: (methods: AuthenticationType[] | null) => {
      accepted = methods ?? [];
      return next();
    },
    log: () => ({ tried, accepted }),
  };
};

/** The request that offers an identity; undefined where the server takes no such thing. Nothing said: all is taken. */
const methodFor = (
  identity: Identity,
  username: string,
  accepted: readonly AuthenticationType[],
): AnyAuthMethod | undefined => {
  const takes = (method: AuthenticationType) => accepted.length === 0 || accepted.includes(method);
  switch (identity.kind) {
    case 'key':
      return takes('publickey') ? { type: 'publickey', username, key: identity.key } : undefined;
    case 'agent':
      return takes('publickey') ? { type: 'agent', username, agent: identity.agent } : undefined;
    case 'password':
      if (takes('password')) return { type: 'password', username, password: identity.password.reveal() };
      return takes('keyboard-interactive') ? interactive(username, identity.password.reveal()) : undefined;
  }
};

/** For servers that ask for the password by PAM: answers each question that hides what is typed, once. */
const interactive = (username: string, password: string): AnyAuthMethod => ({
  type: 'keyboard-interactive',
  username,
  prompt: (_name, _instructions, _language, prompts, finish) =>
    finish(prompts.map(({ echo }) => (echo ? '' : password))),
});
