/** What `--color` says; false: `--no-color`. */
export type ColourChoice = 'auto' | 'always' | 'never' | false;

/**
 * Whether a stream gets colours: what the option says, then NO_COLOR, then FORCE_COLOR (0 and false: none), then
 * whether it is a terminal that has any. See no-color.org and force-color.org.
 */
export const wantsColour = (
  choice: ColourChoice,
  { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean => {
  if (choice === 'always') return true;
  if (choice !== 'auto' || NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
};
