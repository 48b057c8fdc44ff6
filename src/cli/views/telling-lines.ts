/** Lines of a program's output that are shown where nobody asks for all. */
const MOST = 6;

/** What package managers, downloads and unpacking say while all goes well. */
const CHATTER =
  /^(?:(?:Get|Hit|Ign):\d|Reading (?:package|state)|Building dependency|Fetched |Need to get|After this operation|Selecting previously|Preparing to unpack|Unpacking |Setting up |Processing triggers|\(Reading database|Progress:|\d+ upgraded,|The following |Extracting templates|Scanning |Loaded plugins|Loading mirror|Resolving Dependencies|--> |---> |Downloading |Installing |Verifying |W: |WARNING: apt does not|debconf: | {2,}\S|\s*$)/;

/** What a program says of its end. */
const TELLING =
  /^(?:E|Err|err|error|fatal|FATAL)\b|\b(?:[Ee]rror|ERROR|[Ff]ailed|[Cc]annot|could not|Could not|[Dd]enied|No such|not found|Unable to|unable to|No space|[Rr]efused|timed out|unmet dependencies|Temporary failure)\b|^curl: |^dpkg: |^\S+: line \d+:/;

/**
 * The lines of an output that tell why it ended: those that speak of an error, else the last ones without the chatter
 * of package managers; in their order, and no more than six. Without anything left, the last lines as they are.
 */
export const tellingLines = (output: string): readonly string[] => {
  const lines = output.split('\n');
  if (lines.length <= MOST) return lines;
  const telling = lines.filter((line) => TELLING.test(line));
  if (telling.length > 0) return telling.slice(-MOST);
  const quiet = lines.filter((line) => !CHATTER.test(line));
  return (quiet.length > 0 ? quiet : lines).slice(-MOST);
};
