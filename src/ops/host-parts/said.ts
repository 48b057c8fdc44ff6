/** What a program on the host has printed, both outputs in one. */
export interface TextSaid {
  /** Of `timeout`; `none`: there is no such program. */
  readonly status: string;
  readonly text: string;
}

/** The rows `text`, by name; `mask`: what of them may be shown. */
export const textsOf = (
  rows: readonly (readonly string[])[],
  mask: (text: string) => string,
): ReadonlyMap<string, TextSaid> =>
  new Map(
    rows.flatMap(([name = '', status = '', base64 = '']) =>
      name === ''
        ? []
        : [[name, { status, text: mask(Buffer.from(base64, 'base64').toString('utf8')) }] as const],
    ),
  );

/** Why a program that had to be ended has told nothing; null: it was not ended. */
export const lateWhy = (program: string, { status }: TextSaid): string | null =>
  // timeout (coreutils) ends with one of these where it had to end, or kill, what it ran.
  status === '124' || status === '137' ? `${program} gave no answer in time` : null;

/** Why a program has told nothing that can be used; null: it has. */
export const unsaid = (program: string, said: TextSaid | undefined): string | null => {
  if (said === undefined) return `${program} gave no answer in time`;
  if (said.status === 'none') return `there is no ${program}`;
  const late = lateWhy(program, said);
  if (late !== null) return late;
  if (said.status === '0') return null;
  const last = said.text.split('\n').findLast((line) => line.trim() !== '');
  return `${program} ended with status ${said.status}${last === undefined ? '' : `: ${last.trim()}`}`;
};
