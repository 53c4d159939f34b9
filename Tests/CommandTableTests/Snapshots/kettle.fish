# fish completion for kettle, generated from its table of commands
function __kettle_verb -d 'Whether no verb was given, or this one'
    set -l words (commandline -opc)
    test (count $words) -eq 1 -a (count $argv) -eq 0; or test "$words[2]" = "$argv"
end
function __kettle_before_command -d 'Whether this verb awaits a command; its options with values follow'
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"; or return
    set -e words[1..2]
    while set -q words[1]
        string match -q -- '-?*' $words[1]; and test $words[1] != --; or return
        contains -- $words[1] $argv[2..-1]; and set -e words[1]
        set -e words[1]
    end
    true
end
complete -c kettle -f
complete -c kettle -n '__kettle_verb' -a boil -d 'Boil water'
complete -c kettle -n '__kettle_verb' -a run -d 'Run a program until the water boils'
complete -c kettle -n '__kettle_verb' -a snapshot -d 'Keep the temperature in a directory'
complete -c kettle -n '__kettle_verb' -a completion -d 'Print a completion script'
complete -c kettle -n '__kettle_verb' -a status -d 'Show the temperature'
complete -c kettle -n '__kettle_verb' -a help -d 'Explain a command'
complete -c kettle -n '__kettle_verb' -s V -l version -d 'Print the version'
complete -c kettle -n '__kettle_verb' -s h -l help -d 'Print this help'
complete -c kettle -n '__kettle_verb help' -a 'boil run snapshot completion status help'
complete -c kettle -n '__kettle_verb boil' -s w -l water -x -d 'How much, such as 2 [never: 0]'
complete -c kettle -n '__kettle_verb boil' -l style -x -a 'fast gentle' -d 'How fast it\'s done'
complete -c kettle -n '__kettle_verb boil' -s a -l add -x -d 'What to put in'
complete -c kettle -n '__kettle_verb boil' -l log -r -F -d 'Where to write it down'
complete -c kettle -n '__kettle_verb boil' -s n -l dry-run -d 'Print what would be boiled, how fast and with what in it, but do not boil anything'
complete -c kettle -n '__kettle_verb boil' -s h -l help -d 'Print this help'
complete -c kettle -n '__kettle_before_command run -c --cup' -s c -l cup -x -a 'small large' -d 'Cup to fill'
complete -c kettle -n '__kettle_before_command run -c --cup' -s h -l help -d 'Print this help'
complete -c kettle -n '__kettle_verb run' -a '(__fish_complete_subcommand --fcs-skip=2 -c --cup)'
complete -c kettle -n '__kettle_verb snapshot' -s h -l help -d 'Print this help'
complete -c kettle -n '__kettle_verb snapshot' -a '(__fish_complete_directories)'
complete -c kettle -n '__kettle_verb completion' -s h -l help -d 'Print this help'
complete -c kettle -n '__kettle_verb completion' -a 'bash zsh fish'
complete -c kettle -n '__kettle_verb status' -l json -d 'For programs'
complete -c kettle -n '__kettle_verb status' -s h -l help -d 'Print this help'
