import { commandWords } from './bash.js';
import { optionWords, type Place } from './places.js';
import { quoted } from './quoted.js';

/** Writes the completion of a program for zsh. */
export function zshCompletion(places: readonly Place[]): string {
  const valued = pattern(places.flatMap((place) => optionWords(place)));
  return `#compdef repro-quorum
# zsh completion of repro-quorum, made by: repro-quorum completion zsh
_repro_quorum() {
  local place='' word cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}"
  local -a list options
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$place $word" in
      (${valued}) i=$((i + 1)) ;;
      (${pattern(commandWords(places))}) place="$place/$word" ;;
    esac
  done
  case "$place $prev" in
${choiceCases(places)}
    (${valued}) _files; return ;;
  esac
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    _describe -o -t options option options
  elif (( $#list )); then
    _describe -t commands command list
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _repro_quorum ]]; then
  _repro_quorum "$@"
else
  compdef _repro_quorum repro-quorum
fi
`;
}

function pattern(words: readonly string[]): string {
  return words.map(quoted).join('|');
}

function choiceCases(places: readonly Place[]): string {
  return places
    .flatMap((place) =>
      place.options
        .filter(({ choices }) => choices.length > 0)
        .map(
          (option) =>
            `    (${pattern(optionWords(place, [option]))}) compadd -- ${option.choices.map(quoted).join(' ')}; return ;;`,
        ),
    )
    .join('\n');
}

function placeCase({ path, commands, options, choices, takesRound }: Place): string {
  const names = [
    ...commands.map(({ name, description }) => described(name, description)),
    ...choices.map(quoted),
  ];
  const list = takesRound
    ? '${(f)"$(repro-quorum complete-rounds 2>/dev/null | cut -f 1)"}'
    : names.join(' ');
  const all = options.flatMap(({ long, short, description }) =>
    [long, ...(short === null ? [] : [short])].map((name) => described(name, description)),
  );
  return `    (${quoted(path)}) list=(${list}) options=(${all.join(' ')}) ;;`;
}

function described(name: string, description: string): string {
  return quoted(`${name}:${description}`);
}
