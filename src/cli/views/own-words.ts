const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Takes the host's name and address out of a text, the address also with dashes as in host names. */
export const withoutOwn = ({
  host,
  address,
}: {
  readonly host: string;
  readonly address: string;
}): ((text: string) => string) => {
  const numbers = [address, address.replaceAll('.', '-')].filter(Boolean).map(literal);
  const names = `(?<![\\w.-])${literal(host)}(?![\\w-])`;
  const own = new RegExp(
    [...numbers.map((number) => `(?<![0-9]|[0-9][.])${number}(?![0-9]|[.][0-9])`), names].join('|'),
    'g',
  );
  return (text) => text.replace(own, '\u0000');
};
