import * as z from 'zod';
import type { Next } from '../../core/next.ts';
import { edit, fcopsCommand, look, shellOnHost } from '../../core/next.ts';
import { REPOSITORIES } from '../../roles/miner-places.ts';
import type { Answers } from './ask.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';
import type { HttpAnswer } from './http-answer.ts';
import { isOfName } from './http-answer.ts';
import type { Sought } from './sought.ts';

type Api = NonNullable<Sought['api']>;

/** Whether lotus-miner is there for the workers of the host, and takes their token. */
export const apiFindings = (sought: Sought, { api: answer, names }: Answers): Finding[] => {
  const { api } = sought;
  if (api === null) return [];
  const at = `${api.host.includes(':') ? `[${api.host}]` : api.host}:${api.port}`;
  const port = { check: 'api', about: at } as const;
  if (answer === null)
    return [
      {
        ...port,
        state: 'unknown',
        message: `whether lotus-miner answers at ${at} is not known: the host did not say in time`,
      },
    ];
  if (isOfName(answer, names.get(api.host)))
    return [
      {
        ...port,
        state: 'unknown',
        message: `lotus-miner could not be asked: the name ${api.host} is not found`,
        isQuiet: true,
      },
    ];
  switch (answer.type) {
    case 'status':
      return byStatus(sought, api, at, answer);
    case 'connected':
      return [
        fine('api', at, `somebody takes connections at ${at}`),
        {
          check: 'token',
          about: at,
          state: 'unknown',
          message: `whether the token is taken at ${at} was not asked: it is an address of TLS`,
        },
      ];
    case 'name':
      return [
        {
          ...port,
          state: 'off',
          message: `the host does not find the name ${api.host} of lotus-miner`,
          why: answer.why,
        },
      ];
    case 'refused':
      return [
        {
          ...port,
          state: 'off',
          message: `nothing listens at ${at}, where workers register at lotus-miner`,
          why: answer.why,
          next: whereIsIt(sought, api),
        },
      ];
    case 'late':
      return [
        {
          ...port,
          state: 'off',
          message: answer.connected
            ? `what listens at ${at} does not answer within 8 s; workers register there`
            : `${at}, where workers register at lotus-miner, takes no connection from this host within 8 s`,
          next: [
            ...(answer.connected
              ? []
              : [look('see the way between the two: a firewall, a route, the address itself')]),
            ...whereIsIt(sought, api),
          ],
        },
      ];
    case 'no route':
      return [
        {
          ...port,
          state: 'off',
          message: `this host has no route to ${at}, where workers register at lotus-miner`,
          why: answer.why,
          next: [shellOnHost(`ip route get ${api.host}`, 'see its routes')],
        },
      ];
    case 'other':
      return [
        somethingElse(at, answer.line === '' ? 'it closes the connection without an answer' : answer.line),
      ];
    case 'tls':
    case 'broken':
      return [{ ...port, state: 'off', message: `lotus-miner at ${at} could not be asked`, why: answer.why }];
    case 'nobody':
      return [{ ...port, state: 'unknown', message: `lotus-miner at ${at} was not asked` }];
  }
};

const somethingElse = (at: string, says: string): Finding => ({
  check: 'api',
  about: at,
  state: 'off',
  message: `something else than lotus-miner answers at ${at}`,
  why: says.slice(0, 120),
  next: [edit('set api.address to where lotus-miner listens: [API] ListenAddress of its config.toml')],
});

const whereIsIt = ({ miner }: Sought, { isFromMiner }: Api): readonly Next[] => [
  fcopsCommand(['status', '--role', 'miner', '--miner', miner], 'see whether lotus-miner runs'),
  look(
    isFromMiner
      ? `it runs elsewhere than its repository says: see ${REPOSITORIES.lotusMiner}/api of the miner host`
      : 'where it does, compare api.address with [API] ListenAddress of its config.toml',
  ),
];

const byStatus = (
  { miner }: Sought,
  { isFromMiner }: Api,
  at: string,
  { code, body }: Extract<HttpAnswer, { type: 'status' }>,
): Finding[] => {
  const token = { check: 'token', about: at } as const;
  const open = fine('api', at, `lotus-miner answers at ${at}`);
  const next: readonly Next[] = isFromMiner
    ? [
        fcopsCommand(
          ['restart', 'miner', '--miner', miner],
          `it runs with another key than the token in ${REPOSITORIES.lotusMiner} was made with, or the token is another miner's; a restart gives it the key of its repository, and ends a proof that is being made (lotus-miner proving info tells the deadline)`,
        ),
      ]
    : [edit(`set the secret of api.token to what ${REPOSITORIES.lotusMiner}/token of the miner host holds`)];
  if (code === 401 || code === 403)
    return [
      open,
      { ...token, state: 'off', message: `lotus-miner at ${at} refuses the token (${code})`, next },
    ];
  if (code >= 500)
    return [
      {
        check: 'api',
        about: at,
        state: 'off',
        message: `what listens at ${at} answers with an error (${code})`,
        ...(body !== '' && { why: firstLine(body) }),
        next: whereFrom,
      },
    ];
  if (code !== 200) return [somethingElse(at, `HTTP status ${code}`)];
  const said = rpc(body);
  if (said === null) return [somethingElse(at, firstLine(body) || 'an empty answer of HTTP')];
  if (said.type === 'error') {
    if (/missing permission/.test(said.message))
      return [
        open,
        { ...token, state: 'off', message: `the token allows too little at ${at}`, why: said.message, next },
      ];
    return [
      open,
      {
        ...token,
        state: 'unknown',
        message: `lotus-miner at ${at} does not say what the token allows`,
        why: said.message,
      },
    ];
  }
  if (said.allows.includes('admin')) return [open, fine('token', at, `the token is taken at ${at}`)];
  const allowed = said.allows.join(', ');
  return [
    open,
    {
      ...token,
      state: 'off',
      message: `the token allows too little at ${at}: a worker has to have admin`,
      why: allowed === '' ? 'it allows nothing' : `it allows ${allowed}`,
      next,
    },
  ];
};

const whereFrom: readonly Next[] = [look("see lotus-miner's log on the miner host")];

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 120);

type Said =
  | { readonly type: 'result'; readonly allows: readonly string[] }
  | { readonly type: 'error'; readonly message: string };

const answerSchema = z.object({
  jsonrpc: z.literal('2.0'),
  result: z.array(z.string()).nullish(),
  error: z.object({ message: z.string() }).nullish(),
});

/** What an answer of JSON-RPC says; null: it is none. */
const rpc = (body: string): Said | null => {
  const parsed = answerSchema.safeParse(json(body));
  if (!parsed.success) return null;
  const { result, error } = parsed.data;
  if (error) return { type: 'error', message: error.message.slice(0, 200) };
  return result ? { type: 'result', allows: result } : null;
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
