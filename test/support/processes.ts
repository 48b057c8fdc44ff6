/** The processes of this machine or of a host, out of /proc: pgrep and pkill are not everywhere. */
import { readdirSync, readFileSync } from 'node:fs';

/** Bash: `running PATTERN` prints the numbers of the processes whose command line matches, one a line. */
export const RUNNING = `running() {
  local list words
  for list in /proc/[0-9]*/cmdline; do
    { mapfile -d '' -t words <"$list"; } 2>/dev/null || continue
    [[ "\${words[*]}" =~ $1 ]] || continue
    list=\${list%/cmdline}
    echo "\${list##*/}"
  done
}`;

/** Bash: `in_session NUMBER` prints the numbers of the processes of a session, one a line. */
export const IN_SESSION = `in_session() {
  local stat line fields
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    # The name, in brackets, may hold anything: state, parent, group and session come after it.
    read -ra fields <<<"\${line##*) }"
    [[ \${fields[3]} != "$1" ]] || echo "\${line%% *}"
  done
}`;

/** The numbers of the processes that `pid` has started and that have not ended. */
export const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
