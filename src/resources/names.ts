/** A short name for a resource that stands for many: the first three, and how many more there are. */
export const nameOfMany = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(',') : `${names.slice(0, 3).join(',')}+${names.length - 3}`;

/** What a resource that stands for many is called: what follows names each, so its kind alone is enough. */
export const titleOfMany = (kind: string, names: readonly string[]): string =>
  names.length <= 3 ? `${kind} ${names.join(',')}` : kind;

/** One line of text for a file: a line end in it is a mistake in a role, RangeError. */
export const checkedLine = (line: string): string => {
  if (line === '' || /[\n\r\0]/.test(line)) {
    throw new RangeError(`not one line of text: ${JSON.stringify(line)}`);
  }
  return line;
};

/** A script that can stand in a here-document of ours: RangeError where a line of it would end that. */
export const checkedScript = (script: string): string => {
  if (/^FCOPS(_[A-Z]+)?$/m.test(script)) throw new RangeError('a line of a script is the word FCOPS');
  return script;
};
