import { describe, expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { rotateDocument, rotateDocumentSchema } from '../../../../src/cli/views/rotate-document.ts';
import { rotateLines } from '../../../../src/cli/views/rotate-text.ts';
import { look } from '../../../../src/core/next.ts';
import type { OldTokens } from '../../../../src/ops/rotate/old-tokens.ts';

const HOSTS = ['p1-50', 'p1-51', 'p1-52'];
const addresses = new Map(HOSTS.map((host, index) => [host, { address: `10.0.0.${index + 50}` }]));
const away = (host: string): OldTokens['unseen'][number] => ({
  ...{ host, state: 'unreachable' },
  problems: [
    {
      kind: 'connect',
      what: `${addresses.get(host)?.address} port 22 refused the connection`,
      where: { host },
      next: [look('start sshd on the host')],
    },
  ],
});
const shown = (more: Partial<OldTokens>) => {
  const found = { ...{ workers: [], profiles: [], seconds: 0, seen: [], unseen: [] }, ...more };
  const document = rotateDocument('f0494733', found, 0, PLAIN_WORDS);
  expect(rotateDocumentSchema.parse(document)).toEqual(document);
  return rotateLines(document, {
    ...{ paint: painter(false), width: 120, planCommand: 'fcops plan', addresses },
    trustCommand: (hosts) => `fcops trust ${hosts.join(' ')}`,
  });
};

describe('who has another token', () => {
  it('is not known where no host could be looked at, and hosts that fail alike are told once', () => {
    expect(shown({ unseen: HOSTS.map(away) })).toEqual([
      'f0494733: it is not known who runs with another token: none of 3 hosts could be looked at',
      '',
      'UNREACHABLE p1-[50:52], as p1-50 says it',
      '  10.0.0.50 port 22 refused the connection',
      '    next: start sshd on the host',
    ]);
    expect(shown({ unseen: [away('p1-50')] })[0]).toBe(
      'f0494733: it is not known who runs with another token: the host could not be looked at',
    );
  });

  it('is told of those that were seen, with how many others there are', () => {
    expect(shown({ seen: ['p1-50', 'p1-51'], unseen: [away('p1-52')] })[0]).toBe(
      'f0494733: no worker that was seen runs with another token; of 1 host it is not known',
    );
    const workers = [{ host: 'p1-50', process: 'P1-1', tasks: [], unknown: null }];
    expect(shown({ workers, seen: ['p1-50'], unseen: ['p1-51', 'p1-52'].map(away) })[0]).toBe(
      'f0494733: 1 worker at 1 host runs with another token, and is restarted when idle; of 2 hosts it is not known',
    );
    expect(shown({ workers: [], seen: HOSTS })).toEqual([
      'f0494733: no worker that was seen runs with another token',
    ]);
  });

  it('says that nobody is restarted of whom it is not known what he is at, unless that is given up', () => {
    const untold = { host: 'p1-50', tasks: [], unknown: 'nobody can be asked' };
    const workers = ['P1-1', 'P1-2'].map((process) => ({ ...untold, process }));
    const lines = shown({ workers, seconds: null, seen: HOSTS });
    expect(lines[0]).toBe('f0494733: 2 workers at 1 host run with another token');
    expect(lines.slice(-2).join(' ').replaceAll(/ +/g, ' ')).toBe(
      'of whom it is not known what they are at, nobody is restarted without --lose-tasks: the hours of whatever that is are lost with it',
    );
    const idle = { host: 'p1-51', process: 'P1-1', tasks: [], unknown: null };
    expect(shown({ workers: [idle, ...workers], seconds: null, seen: HOSTS })[0]).toBe(
      'f0494733: 3 workers at 2 hosts run with another token, and are restarted when idle',
    );
  });
});
