import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';

/** What each shell calls: `fcops __complete WORD…` prints what the last word may become, one a line. */
const SCRIPTS = {
  bash: `# For ~/.bashrc: source <(fcops completion bash)
_fcops() {
  local IFS=$'\\n'
  # shellcheck disable=SC2207 # mapfile is not in every bash that has completion
  COMPREPLY=($(fcops __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _fcops fcops
`,
  zsh: `#compdef fcops
# For ~/.zshrc, after compinit: source <(fcops completion zsh)
_fcops() {
  local -a found
  found=("\${(@f)$(fcops __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n \${found[1]} ]]; then
    compadd -Q -- "\${found[@]}"
  else
    _files
  fi
}
compdef _fcops fcops
`,
  fish: `# For ~/.config/fish/config.fish: fcops completion fish | source
complete -c fcops -a '(set -l words (commandline -opc); fcops __complete $words[2..] (commandline -ct) 2>/dev/null)'
`,
} as const;

/** Shells that there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const isShell = (word: string): word is (typeof SHELLS)[number] => SHELLS.some((shell) => shell === word);

/** `fcops completion SHELL` */
export const completion: Action<object> = async ({ output }, [shell = '']) => {
  if (isShell(shell)) output.print(SCRIPTS[shell]);
  return EXIT.done;
};
