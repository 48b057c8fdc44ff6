/** Colours and weights, each by what it means; without colour every one leaves the text as it is. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly careful: (text: string) => string;
  readonly info: (text: string) => string;
}

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
const plain = (text: string): string => text;

const COLOURED: Paint = {
  strong: sgr(1, 22),
  quiet: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  careful: sgr(33, 39),
  info: sgr(36, 39),
};

const PLAIN: Paint = { strong: plain, quiet: plain, good: plain, bad: plain, careful: plain, info: plain };

export const painter = (colour: boolean): Paint => (colour ? COLOURED : PLAIN);
