import shell from './addresses.sh';

/** Bash function `fcops_addresses ADDRESS` that prints the IPv4 addresses of the machine, that one first. */
export const addressesShell: string = shell;

/** What the function came to. */
export interface AddressesSaid {
  readonly status: number;
  readonly output: string;
}

/** An address of a machine: `10.0.0.50 on ens1f0`, or without the interface where that is not told. */
interface OwnAddress {
  readonly address: string;
  readonly text: string;
}

const addressesIn = (output: string): readonly OwnAddress[] =>
  output.split('\n').flatMap((line) => {
    const [, address, on = ''] = /^([\d.]+) ?(\S*)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address, text: on === '' ? address : `${address} on ${on}` }];
  });

/** All of 127.0.0.0/8 is every machine's own. */
const isLoopback = (address: string): boolean => address.startsWith('127.');

/** Whether a machine has an address; where it has not, those that it has for others. */
export type HasAddress =
  | { readonly type: 'has' }
  | { readonly type: 'has not'; readonly others: readonly string[] }
  /** It does not tell its addresses. */
  | { readonly type: 'unknown' };

/** Reads what the function has printed. */
export const hasAddress = (wanted: string, { status, output }: AddressesSaid): HasAddress => {
  const own = addressesIn(output);
  if (isLoopback(wanted) || own.some(({ address }) => address === wanted)) return { type: 'has' };
  if (status !== 0 || own.length === 0) return { type: 'unknown' };
  const others = own.flatMap(({ address, text }) => (isLoopback(address) ? [] : [text]));
  return { type: 'has not', others };
};
