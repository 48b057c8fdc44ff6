import type { Addresses } from '../text/addresses.ts';

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

interface Own extends Addresses {
  readonly host: string;
}

/** Takes the host's name and addresses out of a text, the addresses also with dashes as in host names. */
export const withoutOwn = ({ host, address, listen = '' }: Own): ((text: string) => string) => {
  const numbers = [address, listen]
    .flatMap((one) => [one, one.replaceAll('.', '-')])
    .filter(Boolean)
    .map(literal);
  const names = `(?<![\\w.-])${literal(host)}(?![\\w-])`;
  const own = new RegExp(
    [...numbers.map((number) => `(?<![0-9]|[0-9][.])${number}(?![0-9]|[.][0-9])`), names].join('|'),
    'g',
  );
  return (text) => text.replace(own, '\u0000');
};

/** Numbers that differ from run to run of the same: durations, sizes, rates, process numbers. */
const MEASURED = /\d+(?:\.\d+)?(?= ?(?:m?s|min|h|k?B|[KMG]i?B|[KMG]?B\/s|%)(?![\w]))|(?<=process |pid )\d+/g;

/** Takes out what hosts with the same trouble say otherwise, each of its own. */
export const withoutMeasured = (text: string): string => text.replace(MEASURED, '\u0000');
