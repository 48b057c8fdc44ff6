import type { Reveal } from '../../core/content.ts';
import { maskOutput } from '../../core/others-secrets.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { withoutComments, words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import { MiB } from '../../core/units.ts';
import type { Query } from '../../engine/query.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import shell from './published-sums.sh';
import type { Sums } from './sha256-sums.ts';
import { readSha256Sums } from './sha256-sums.ts';

/** Name of the list beside the archives. */
export const SUMS_FILE = 'SHA256SUMS';

export const sumsUrl = ({ artifacts: { url } }: Pick<Cluster, 'artifacts'>): string => `${url}/${SUMS_FILE}`;

/** What the server of the archives says of their sums. */
export type Published =
  | { readonly type: 'sums'; readonly sums: Sums }
  /** It has no such list. */
  | { readonly type: 'none' }
  /** It has, or may have, and this is why nobody knows what stands in it. */
  | { readonly type: 'unknown'; readonly why: string };

/** Characters of the list, as in the script. */
const MOST = MiB;
/** Milliseconds: the script has its own seconds. */
const DEADLINE = 70_000;

/**
 * The question for the list, asked by a host with what it downloads archives by: the controller may have no way to that
 * server. User and password go over standard input.
 */
export const publishedQuery = (
  { artifacts }: Pick<Cluster, 'artifacts'>,
  { variables: { proxy } }: Pick<Host, 'variables'>,
  reveal: Reveal,
  redact: (text: string) => string,
): Query<Published> => ({
  name: `the sums of archives (${SUMS_FILE})`,
  script: `${withoutComments(shell)}\n${words('fcops_sums', sumsUrl({ artifacts }), proxy ?? '')}\n`,
  input: () => {
    const { user, password } = artifacts;
    return user === undefined || password === undefined ? '\n' : `${user}:${reveal(password.name)}\n`;
  },
  parse: (text) => parsePublished(text, redact),
  deadline: DEADLINE,
});

/** Reads the row of published-sums.sh; an answer without its last row broke off, and is not used. */
export const parsePublished = (text: string, redact: (text: string) => string): Result<Published, string> => {
  const told = toldRows(text);
  if (!told.ok) return told;
  const row = told.value.find(([tag]) => tag === 'sums');
  if (!row) return err('the answer of the host broke off before its end');
  const [, way = '', status = '', code = '', said = '', body = ''] = row;
  if (way === 'none') return ok(unknown('the host has neither curl nor wget yet'));
  if (way === 'nowhere') return ok(unknown('the host has no room for a temporary file'));
  if (code === '404' || code === '410') return ok({ type: 'none' });
  if (code === '401' || code === '403')
    return ok(unknown(`the server refuses it (${code}): see artifacts.user and artifacts.password`));
  if (status !== '0') return ok(unknown(whyNot(redact(decoded(said)), status, code)));
  const list = decoded(body);
  if (list.length >= MOST) return ok(unknown('it is longer than any list of sums'));
  const sums = readSha256Sums(list);
  return ok(sums.ok ? { type: 'sums', sums: sums.value } : unknown(sums.error));
};

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
const unknown = (why: string): Published => ({ type: 'unknown', why });

const LONGEST = 200;

const whyNot = (said: string, status: string, code: string): string => {
  if (/^[45]\d\d$/.test(code)) return `the server answers with an error (${code})`;
  if (status === '124' || status === '137') return 'the server gave no answer in time';
  const line = said.trim().split('\n').at(-1)?.trim() ?? '';
  return maskOutput(line.replace(/^curl: (\(\d+\) )?/, '')).slice(0, LONGEST) || `it ended with ${status}`;
};
