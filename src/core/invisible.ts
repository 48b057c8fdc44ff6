/**
 * What a terminal or a viewer obeys in place of showing it: control characters, marks that turn the direction of a
 * line around, line ends of Unicode, and characters of no width but the joiners, which scripts and emoji need.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The text with such characters as JSON writes them: `admin\u202egnp.exe`. Line ends and tabs count among them. */
export const escapeUnseen = (text: string): string =>
  text.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  );

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** A value as JSON in which nothing is unseen: what a host says of itself does not rule the terminal it is read on. */
export const jsonText = (value: unknown, indent?: number): string => {
  const text = JSON.stringify(value, null, indent);
  // The line ends between the values are JSON's own; within strings there are none.
  return indent === undefined ? escapeUnseen(text) : text.split('\n').map(escapeUnseen).join('\n');
};
