import { optionWords, type Place } from './places.js';
import { quoted } from './quoted.js';

/** Writes the completion of a program for bash, 4 or newer. */
export function bashCompletion(places: readonly Place[]): string {
  return `# bash completion of repro-quorum, made by: repro-quorum completion bash
_repro_quorum() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  local place='' word commands='' options='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$place $word" in
      ${pattern(places.flatMap((place) => optionWords(place)))}) i=$((i + 1)) ;;
      ${pattern(commandWords(places))}) place="$place/$word" ;;
    esac
  done
  case "$place $prev" in
${choiceCases(places)}
    ${pattern(places.flatMap((place) => optionWords(place)))}) return ;;
  esac
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  [[ "$cur" == -* ]] && commands="$options"
  COMPREPLY=($(compgen -W "$commands" -- "$cur"))
}
complete -o default -F _repro_quorum repro-quorum
`;
}

/** Paths of commands as the loop meets them: where it is, and the next word. */
export function commandWords(places: readonly Place[]): string[] {
  return places
    .filter(({ path }) => path !== '')
    .map(({ path }) => {
      const at = path.lastIndexOf('/');
      return `${path.slice(0, at)} ${path.slice(at + 1)}`;
    });
}

function pattern(words: readonly string[]): string {
  return words.map(quoted).join(' | ');
}

function choiceCases(places: readonly Place[]): string {
  return places
    .flatMap((place) =>
      place.options
        .filter(({ choices }) => choices.length > 0)
        .map((option) => {
          const words = pattern(optionWords(place, [option]));
          return `    ${words}) COMPREPLY=($(compgen -W ${quoted(option.choices.join(' '))} -- "$cur")) && return ;;`;
        }),
    )
    .join('\n');
}

/** Round ids are hexadecimal, so nothing in them is expanded by compgen. */
function placeCase({ path, commands, options, choices, takesRound }: Place): string {
  const names = [...commands.map(({ name }) => name), ...choices].join(' ');
  const words = takesRound
    ? '"$(repro-quorum complete-rounds 2>/dev/null | cut -f 1)"'
    : quoted(names);
  const all = options.flatMap(({ long, short }) => (short === null ? [long] : [long, short]));
  return `    ${quoted(path)}) commands=${words} options=${quoted(all.join(' '))} ;;`;
}
