import { addressOf } from './address.ts';
import { readAnswer } from './answer.ts';
import type { Answer } from './failure.ts';
import { attoFilOf, countOf } from './numbers.ts';
import { isIndented, saying } from './plain-text.ts';
import { known, type Reading, unclear } from './reading.ts';

/** What belongs to an address. */
export type Funds =
  /** attoFIL. */
  | { readonly type: 'known'; readonly balance: bigint; readonly nonce: number }
  /** The node could not look it up. */
  | { readonly type: 'failed'; readonly why: string }
  /** Only addresses were listed. */
  | { readonly type: 'unsaid' };

export interface Wallet {
  readonly address: string;
  /** Its short form, `f01234`, where it was asked for and there is one. */
  readonly id: string | null;
  readonly funds: Funds;
  readonly isDefault: boolean;
}

/**
 * Reads `lotus wallet list`, with or without `--addr-only`, `--id` and `--market`. An empty line, or nothing, is no
 * wallet. A balance is what the node knows: where it is not in sync, it may be an old one.
 */
export const readWallets = (answer: Answer): Reading<readonly Wallet[]> =>
  readAnswer(answer, (lines) => {
    const said = saying(lines);
    const [header = ''] = said;
    const isTable = /^Address(\s|$)/.test(header);
    const wallets: Wallet[] = [];
    for (const line of isTable ? said.slice(1) : said) {
      if (!isIndented(line)) wallets.push(isTable ? readRow(header, line) : bareWallet(line));
      else wallets.push(withError(wallets.pop(), line));
    }
    const silent = wallets.find(({ funds }) => isTable && funds.type === 'unsaid');
    if (silent) unclear('the balance is not there', silent.address);
    return wallets;
  });

/** A row with the error that stands in a line of its own below it. */
const withError = (wallet: Wallet | undefined, line: string): Wallet => {
  const why = /^\s+Error: (.*)$/.exec(line)?.[1];
  if (why === undefined || !wallet) return unclear('a line belongs to no address', line);
  return { ...wallet, funds: { type: 'failed', why } };
};

const bareWallet = (line: string): Wallet => ({
  address: known(addressOf(line), 'this is no address', line),
  id: null,
  funds: { type: 'unsaid' },
  isDefault: false,
});

const COLUMNS =
  /^Address(\s+ID)?(\s+Balance)?(\s+Market\(Avail\))?(\s+Market\(Locked\))?(\s+Nonce)?(\s+Default)?$/;

/** Columns that no row uses are not there, header included. A row is an address alone where the node had an error. */
const readRow = (header: string, line: string): Wallet => {
  const columns = COLUMNS.exec(header);
  if (!columns) return unclear('this is no list of wallets', header);
  const [text, ...words] = line.split(/\s+/);
  const address = known(addressOf(text), 'this is no address', line);
  if (words.length === 0) return bareWallet(address);
  const [, hasId, hasBalance, hasAvailable, hasLocked, hasNonce, hasDefault] = columns;
  if (!hasBalance || !hasNonce)
    return unclear('the columns of the balance or the nonce are not there', header);
  const id = hasId ? known(idOf(words.shift()), 'the ID is unclear', line) : null;
  const balance = amountFrom(words, line);
  for (const column of [hasAvailable, hasLocked]) if (column) amountFrom(words, line);
  const nonce = known(countOf(words.shift()), 'the nonce is unclear', line);
  const mark = words.shift();
  if (words.length > 0 || (mark !== undefined && !(hasDefault && mark === 'X')))
    unclear('the row has too much in it', line);
  return {
    address,
    id: id === 'n/a' ? null : id,
    funds: { type: 'known', balance, nonce },
    isDefault: mark === 'X',
  };
};

const idOf = (text: string | undefined): string | null =>
  text === 'n/a' || /^[ft]0\d+$/.test(text ?? '') ? (text ?? null) : null;

/** Takes the two words of an amount from the rest of a row. */
const amountFrom = (words: string[], line: string): bigint =>
  known(attoFilOf(words.splice(0, 2).join(' ')), 'an amount is unclear', line);
