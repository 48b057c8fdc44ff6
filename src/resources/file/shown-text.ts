import type { Content, SecretSegment } from '../../core/content.ts';
import { contentLines, maskedText, secretsIn } from '../../core/content.ts';
import type { Ours } from '../../core/others-secrets.ts';
import { maskOthers, oursOf } from '../../core/others-secrets.ts';
import { MASK } from '../../core/secret.ts';
import { sha256 } from '../../core/sha256.ts';
import type { PathState } from '../path/state.ts';
import type { DiffContext, TextChange } from '../resource.ts';

/** Both texts of a file as they may be shown, and the names of the secrets whose values differ. */
interface ShownText {
  readonly text: TextChange;
  readonly differing: readonly string[];
}

/**
 * The present and the wanted text, as they may be shown. Of the present one, which may hold secrets that nobody here
 * knows, what may be one is masked; in place of ours stands the mask, whatever its value is.
 */
export const shownText = (
  now: PathState,
  content: Content,
  { digest, showReplaced = false }: Pick<DiffContext, 'digest' | 'showReplaced'>,
): ShownText => {
  const after = maskedText(content);
  if (now.type !== 'file') return { text: { before: null, after }, differing: [] };
  if (now.text === undefined)
    return {
      text: { before: null, after, reason: 'the present file is too large to show' },
      differing: [],
    };
  const lines = contentLines(content).flatMap((line) => secretLine(line, digest));
  // Where a secret of ours stands an old one may stand too: such a file is never shown as it is.
  if (showReplaced && lines.length === 0) return { text: { before: now.text, after }, differing: [] };
  const present = new Set(now.text.split('\n').map(sha256));
  // A line that is there with its secret is not compared with others of its name.
  const lacking = lines.filter(({ sum }) => !present.has(sum));
  const differing = new Set<string>();
  const ours = oursOf(after);
  const before = maskOthers(now.text, ours, (line) => {
    if (lines.length === 0) return null;
    const sum = sha256(line);
    const same = lines.find((one) => one.sum === sum);
    if (same) return same.masked;
    const like = lines.find(({ begin }) => line.startsWith(begin));
    if (!like) return isPlainLine(line, ours) ? null : `${line.slice(0, line.indexOf('=') + 1)}${MASK}`;
    const { value, end } = cutValue(line.slice(like.begin.length), like.end);
    if (lacking.includes(like) && sha256(value) !== like.secretSum)
      for (const name of like.secrets) differing.add(name);
    return `${like.begin}${MASK}${end}`;
  });
  if (before === after && differing.size === 0) for (const name of secretsIn(content)) differing.add(name);
  return { text: { before, after }, differing: [...differing] };
};

/** In a file with secrets any other line may be made of them: one value of a name that is plain is not. */
const isPlainLine = (line: string, { isPlain }: Ours): boolean => {
  const name = /^(?:export )?(\w+)=\S*$/.exec(line)?.[1];
  return line === '' || (name !== undefined && isPlain(name));
};

/** A wanted line that has a secret in it. */
interface SecretLine {
  /** sha256 of the line with its secrets. */
  readonly sum: string;
  readonly masked: string;
  /** What stands before its first secret, and behind it where there is one alone. */
  readonly begin: string;
  readonly end: string;
  readonly secrets: readonly string[];
  /** sha256 of the secret as it stands there; null where there are several. */
  readonly secretSum: string | null;
}

const secretLine = (line: Content, digest: DiffContext['digest']): SecretLine[] => {
  const secrets = line.filter((segment): segment is SecretSegment => typeof segment !== 'string');
  const [only, second] = secrets;
  if (!only) return [];
  const [first = '', , last = ''] = typeof line[0] === 'string' ? line : ['', ...line];
  // Nothing before it: any line would be like it.
  const begin = typeof first === 'string' && first !== '' ? first : '\n';
  return [
    {
      sum: digest(line),
      masked: maskedText(line),
      begin,
      end: second === undefined && typeof last === 'string' ? last : '',
      secrets: secretsIn(line),
      secretSum: second === undefined ? digest([only]) : null,
    },
  ];
};

/** The address of a miner behind its token: the one thing behind a secret that is known not to be part of it. */
const ADDRESS = /^(.*)(:\/(?:ip4|ip6|dns|dns4|dns6)\/[\w.:-]+\/tcp\/\d+(?:\/(?:http|https|ws|wss))?)$/;

/** What stands in the place of a secret, and what of the line behind it may be shown. */
const cutValue = (rest: string, end: string): { readonly value: string; readonly end: string } => {
  if (end !== '' && rest.endsWith(end)) return { value: rest.slice(0, -end.length), end };
  const [, value, address] = ADDRESS.exec(rest) ?? [];
  return value !== undefined && address !== undefined ? { value, end: address } : { value: rest, end: '' };
};
