/** A short name for a resource that stands for many: the first three, and how many more there are. */
export const nameOfMany = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(',') : `${names.slice(0, 3).join(',')}+${names.length - 3}`;

/** One line of text for a file: a line end in it is a mistake in a role, RangeError. */
export const checkedLine = (line: string): string => {
  if (line === '' || /[\n\r\0]/.test(line)) {
    throw new RangeError(`not one line of text: ${JSON.stringify(line)}`);
  }
  return line;
};

/** Whether packages are about to be installed, so that what is missing now may be there then. */
export const packagesPending = (pending: ReadonlySet<string>): boolean =>
  [...pending].some((id) => id.startsWith('packages:'));

/** A script that can stand in a here-document of ours: RangeError where a line of it would end that. */
export const checkedScript = (script: string): string => {
  if (/^FCOPS(_[A-Z]+)?$/m.test(script)) throw new RangeError('a line of a script is the word FCOPS');
  return script;
};
