// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is bash.
/**
 * What scripts for hosts may not use, as rules over lines of bash: hosts run bash 4.2 and coreutils 8.22 (CentOS 7)
 * too, and no package source has those any more to run them against. Taken from bash's CHANGES (4.3 to 5.3; the rules of
 * bash were tried with a 4.2.45, see FCOPS_TEST_BASH in host-layer.ts) and the NEWS of coreutils (8.23 to 9.7).
 */

export interface Rule {
  /** What it is, and since when: `wait -n (bash 4.3)`. */
  readonly what: string;
  readonly found: RegExp;
  /** Lines that it has to find. */
  readonly bad: readonly string[];
  /** Lines that it must not find. */
  readonly good: readonly string[];
}

/** The lines without comments, and without what is quoted so that nothing in it is bash. */
const codeOf = (script: string): string[] =>
  script.split('\n').map((line) => line.replace(/^\s*#.*$|\s#\s.*$/, ''));

/** What breaks a rule, as `LINE: WHAT: text`. */
export const broken = (script: string, rules: readonly Rule[]): string[] =>
  codeOf(script).flatMap((line, index) =>
    rules.filter(({ found }) => found.test(line)).map(({ what }) => `${index + 1}: ${what}: ${line.trim()}`),
  );

/** Arrays that may be empty where a script spells them out: before bash 4.4 that ends it under `set -u`. */
export const maybeEmpty = (script: string): string[] => {
  const lines = codeOf(script);
  const text = lines.join('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(/(?<!\$\{\w+\[[@*]\]\+"?)\$\{(\w+)\[[@*]\](?![-+])[^}]*\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => !isFilled(text, name))
      .map((name) => `${index + 1}: ${name} may be empty: ${line.trim()}`),
  );
};

/** Whether a script counts the array before, gives it something where it makes it, or reads or adds to it always. */
const isFilled = (text: string, name: string): boolean =>
  new RegExp(`\\$\\{#${name}\\[[@*]\\]\\}`).test(text) ||
  new RegExp(`\\b${name}=\\((?!\\))`).test(text) ||
  new RegExp(`\\bread [^\\n]*-a ${name}\\b`).test(text) ||
  new RegExp(`^\\s*(for \\w+; do |for [^\\n]*; do )?${name}\\+=\\(`, 'm').test(text);

export const BASH_RULES: readonly Rule[] = [
  {
    what: 'a reference to a variable by name (bash 4.3)',
    found: /\b(declare|local|typeset|readonly|unset)\s+-[a-zA-Z]*n/,
    bad: ['local -n reference=$1', 'declare -gn a=b', 'unset -n a'],
    good: ['local -a names=()', 'unset -f name', 'local name=-n'],
  },
  {
    what: '[[ -R name ]] (bash 4.3)',
    found: /\[\[\s+(!\s+)?-R\s/,
    bad: ['[[ -R name ]]'],
    good: ['[[ -r name ]]'],
  },
  {
    what: 'wait -n, -f or -p (bash 4.3, 5.0, 5.1)',
    found: /\bwait\s+-[nfp]/,
    bad: ['wait -n', 'wait -p pid'],
    good: ['wait "$pid"', 'wait -- 1'],
  },
  {
    what: `an expansion with an operator, as \${name@Q} (bash 4.4)`,
    found: /\$\{!?\w+(\[[^\]]*\])?@[A-Za-z]\}/,
    bad: ['echo "${name@Q}"', 'echo "${names[@]@K}"'],
    good: ['echo "${!name@}"', 'echo "$name@Q"', 'echo "${names[@]}"'],
  },
  {
    what: 'mapfile with a delimiter (bash 4.4)',
    found: /\b(mapfile|readarray)\s[^<|;]*-[a-zA-Z]*d/,
    bad: ["mapfile -d '' names", "readarray -td '' names"],
    good: ['mapfile -t names < <(find -d)', "read -r -d '' name"],
  },
  {
    what: "printf's time without an argument is 1970 (bash 4.3)",
    found: /\bprintf\s[^|;&]*%\([^)]*\)T[^"'|;&]*["']?\s*($|[;|&)>])/,
    bad: ["printf '%(%s)T'", 'now=$(printf "%(%F)T\\n")'],
    good: ["printf '%(%s)T' -1", "printf '%s' now"],
  },
  {
    what: 'setting or unsetting an element by a negative index (bash 4.3)',
    found: /(^|[\s;(])\w+\[-\d+\]\+?=|\bunset\s[^;]*\[-\d+\]/,
    bad: ['names[-1]=x', "unset 'names[-1]'"],
    good: ['echo "${names[-1]}"', '[[ $a =~ [0-9] ]]', 'names[1]=x'],
  },
  {
    what: '[[ -v ]] of an element (bash 4.3)',
    found: /-v\s+["']?\w+\[/,
    bad: ['[[ -v names[key] ]]', 'test -v "names[0]"'],
    good: ['[[ -v name ]]', 'printf -v name %s x'],
  },
  {
    what: 'a slice of an array with a negative length (refused by every bash)',
    found: /\$\{\w+\[@\]:\s*[^:}]*:\s*-/,
    bad: ['echo "${names[@]:0:-1}"'],
    good: ['echo "${name:0:-1}"', 'echo "${names[@]:1}"'],
  },
  {
    what: 'local - (bash 4.4)',
    found: /\blocal\s+-\s*(;|$)/,
    bad: ['local -', 'f() { local -; }'],
    good: ['local -a x', 'local x=-'],
  },
  {
    what: 'a shell option that is newer',
    found:
      /\bshopt\s+-\w+\s+[^;]*\b(inherit_errexit|globasciiranges|direxpand|completefullquote|assoc_expand_once|localvar_inherit|localvar_unset|progcomp_alias|bash_source_fullpath|array_expand_once|patsub_replacement|varredir_close|noexpand_translation|globskipdots)\b/,
    bad: ['shopt -s inherit_errexit', 'shopt -u patsub_replacement'],
    good: ['shopt -s nullglob extglob'],
  },
  {
    what: 'a variable of bash that is newer',
    found:
      /\$\{?(EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASH_ARGV0|BASH_MONOSECONDS|BASH_TRAPSIG|CHILD_MAX|EXECIGNORE|BASH_COMPAT|GLOBSORT|REPLY_)\b/,
    bad: ['now=$EPOCHSECONDS', 'echo "${SRANDOM}"'],
    good: ['now=$SECONDS', 'echo "$BASHPID"'],
  },
  {
    what: 'a command substitution in the shell itself (bash 5.3)',
    found: /\$\{[ \t|]/,
    bad: ['a=${ date; }', 'a=${| REPLY=x; }'],
    good: ['a=$(date)', 'a=${b}'],
  },
  {
    what: 'an option of a builtin that is newer',
    found:
      /\b(declare|local|typeset)\s+-[a-zA-Z]*I|\bcompgen\s+-V|\bcd\s+-e|\bhistory\s+-d\s+\d+-|\bread\s+-[a-zA-Z]*E|\btype\s+-[a-zA-Z]*E|\bulimit\s+-[a-zA-Z]*R\b/,
    bad: ['local -I name', 'compgen -V names -c', 'cd -e /', 'ulimit -R 1'],
    good: ['local -i name', 'compgen -c', 'cd /', 'ulimit -n 1'],
  },
  {
    what: 'a replacement that is not quoted: bash 5.2 makes what was found of each & in it, quoted bash 4.2 keeps the quotes',
    found: /\$\{\w+\/\/?[^}]*[^\\}/$]\/[^}]*(\$[\w({]|(?<!\\)")/,
    bad: ['echo "${text/a/$b}"', 'x=${text//the x/the $(date)}', 'echo "${text/a/"$b"}"'],
    good: [
      'echo "${text//$\'\\t\'/ }"',
      'echo "${1%/*}/$b"',
      'a=${a//\\"/\\\\\\"}',
      'echo "${text//a/b}"',
      'echo "${e//$\'\\n\'/\\\\n}"',
    ],
  },
];

export const COREUTILS_RULES: readonly Rule[] = [
  {
    what: 'sync of one file (coreutils 8.24); -f and -d too, so only with something else where they fail',
    found: /(^\s*|[;(&|!]\s*|\b(then|do|else)\s+)sync\s+(?!-f\b)[^\s|;&)]/,
    bad: ['sync "$file"', 'sync -d "$file" || true', '! sync -- x'],
    good: [
      'sync',
      'sync || fail x',
      'sync -f "$1" 2>/dev/null || timeout 60 sync',
      'fcops_sync "$a"',
      'echo "not in sync yet"',
      'lotus sync wait',
    ],
  },
  {
    what: 'sync -f without a way for those who do not know it',
    found: /(^|[\s;(&|!])sync\s+-f\b(?!.*\|\|.*\bsync\b)/,
    bad: ['sync -f "$file"', 'sync -f "$file" || true'],
    good: ['sync -f "$1" 2>/dev/null || timeout -k 5 60 sync'],
  },
  {
    what: 'env -S, --chdir or of signals (coreutils 8.28 to 8.31)',
    found: /(?<![\w-])env\s+(-\S+\s+)*(-S|-C|-v|--split-string|--chdir|--\w+-signal|--debug)\b/,
    bad: ["env -S 'a b'", 'env -C / ls', 'env --default-signal=PIPE a'],
    good: ['env -u NAME a', 'env -i a', 'systemd-env -S'],
  },
  {
    what: 'stat --cached (coreutils 8.32)',
    found: /\bstat\s[^|;&]*--cached/,
    bad: ['stat --cached=never -c %s f'],
    good: ['stat -c %s f'],
  },
  {
    what: 'timeout -v (coreutils 8.29)',
    found: /\btimeout\s+(-\S+\s+([\d.]+\w?\s+)?)*(-v|--verbose)\b/,
    bad: ['timeout -v 5 a', 'timeout -k 5 --verbose 5 a'],
    good: ['timeout --foreground 5 a -v', 'timeout -k 5 60 sync'],
  },
  {
    what: 'a program that is newer: b2sum 8.26, basenc 8.31, cksum -a 9.0',
    found: /(^|[\s;(&|])(b2sum|basenc)(\s|$)|\bcksum\s+(-a|--algorithm)/,
    bad: ['b2sum a', 'cksum -a sha256 a'],
    good: ['sha256sum a', 'cksum a'],
  },
  {
    what: 'sums with -z (coreutils 8.27) or --ignore-missing (8.25)',
    found: /\b(sha\d+sum|md5sum)\s[^|;&]*(--ignore-missing|--zero|-z\b)/,
    bad: ['sha256sum -c --ignore-missing f', 'sha256sum -z f'],
    good: ['sha256sum -c --quiet f', 'sha256sum -- "$f"'],
  },
  {
    what: 'lines that end in NUL of head, tail, cut, comm, join, nl, paste, tac, numfmt (coreutils 8.25)',
    found: /\b(head|tail|cut|comm|join|nl|paste|tac|numfmt)\s+(-\S+\s+)*(-[a-z]*z\b|--zero-terminated)/,
    bad: ['head -z -n 1', 'cut -z -d a'],
    good: ['sort -z', 'grep -z x', 'tail -n 1', 'uniq -z'],
  },
  {
    what: 'ls --hyperlink, --zero, --sort=width or name, --time=birth (coreutils 8.26 to 9.4)',
    found: /\bls\s[^|;&]*(--hyperlink|--zero|--sort=(width|name)|--time=(birth|creation|mtime))/,
    bad: ['ls --zero', 'ls --sort=name'],
    good: ['ls -la', 'ls -v --sort=time'],
  },
  {
    what: 'date --debug or --resolution (coreutils 8.26, 9.0)',
    found: /\bdate\s[^|;&]*(--debug|--resolution)/,
    bad: ['date --debug -d now', 'date --resolution'],
    good: ['date --iso-8601', 'date -u +%s'],
  },
  {
    what: 'cp and mv --update=HOW (coreutils 9.3), --debug (9.0), --exchange and --no-copy (9.5), rm --preserve-root=all (8.30)',
    found:
      /\b(cp|mv)\s[^|;&]*(--update=|--exchange|--debug|--no-copy|--keep-directory-symlink)|\brm\s[^|;&]*--preserve-root=all/,
    bad: ['mv --exchange a b', 'cp --update=none a b', 'rm -r --preserve-root=all a'],
    good: ['mv -fT -- a b', 'cp -u a b', 'cp --sparse=always a b'],
  },
  {
    what: 'install --debug (coreutils 9.0), chmod -h (9.5)',
    found: /\binstall\s[^|;&]*--debug|\bchmod\s[^|;&]*(-h\b|--no-dereference)/,
    bad: ['chmod -h 600 a', 'install --debug a b'],
    good: ['chmod 600 a', 'chown -h a b', 'install -m 600 a b'],
  },
  {
    what: 'dd with status=progress or a size in bytes by a flag (coreutils 8.24, 9.1)',
    found: /\bdd\s[^|;&]*(status=progress|\b(count|skip|seek)=\d+B)/,
    bad: ['dd if=a of=b status=progress', 'dd if=a of=b count=5B'],
    good: ['dd if=a of=b status=none bs=1M'],
  },
  {
    what: 'tail --debug or more than one --pid (coreutils 9.6, 9.5), wc --total (9.1)',
    found: /\btail\s[^|;&]*(--debug|--pid\S*\s.*--pid)|\bwc\s[^|;&]*--total/,
    bad: ['wc --total=never a', 'tail --pid=1 --pid=2 a'],
    good: ['wc -l', 'tail -s 1 --pid=1 -f a'],
  },
];
