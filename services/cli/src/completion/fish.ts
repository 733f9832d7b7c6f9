import { commandWords } from './bash.js';
import { optionWords, type CompletedOption, type Place } from './places.js';

/** Writes the completion of a program for fish, 3 or newer. */
export function fishCompletion(places: readonly Place[]): string {
  return `# fish completion of repro-quorum, made by: repro-quorum completion fish
function __repro_quorum_place
    set -l place ''
    set -l skip 0
    set -l given (commandline -opc)
    for word in $given[2..-1]
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch "$place $word"
            case ${places
              .flatMap((place) => optionWords(place))
              .map(quoted)
              .join(' ')}
                set skip 1
            case ${commandWords(places).map(quoted).join(' ')}
                set place "$place/$word"
        end
    end
    echo "$place"
end
function __repro_quorum_at
    set -l place (__repro_quorum_place)
    test "$place" = "$argv[1]"
end
complete -c repro-quorum -e
${places.flatMap(placeLines).join('\n')}
`;
}

function placeLines({ path, commands, options, choices, takesRound }: Place): string[] {
  const at = `complete -c repro-quorum -n ${quoted(`__repro_quorum_at ${quoted(path)}`)}`;
  return [
    ...commands.map(
      ({ name, description }) => `${at} -f -a ${quoted(name)} -d ${quoted(description)}`,
    ),
    ...(choices.length === 0 ? [] : [`${at} -f -a ${quoted(choices.join(' '))}`]),
    ...(takesRound ? [`${at} -f -a '(repro-quorum complete-rounds 2>/dev/null)'`] : []),
    ...options.map((option) => `${at} ${optionPart(option)}`),
  ];
}

function optionPart({ long, short, description, takesValue, choices }: CompletedOption): string {
  const value =
    choices.length > 0 ? [`-x -a ${quoted(choices.join(' '))}`] : takesValue ? ['-r'] : ['-f'];
  return [
    `-l ${quoted(long.slice(2))}`,
    ...(short === null ? [] : [`-s ${quoted(short.slice(1))}`]),
    ...value,
    `-d ${quoted(description)}`,
  ].join(' ');
}

/** Quotes a text for fish. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
