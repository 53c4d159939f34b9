#compdef kettle
# zsh completion for kettle, generated from its table of commands
_kettle() {
    local -a verbs=(
        'boil:Boil water'
        'run:Run a program until the water boils'
        'snapshot:Keep the temperature in a directory'
        'completion:Print a completion script'
        'status:Show the temperature'
        'help:Explain a command'
    )
    if ((CURRENT == 2)); then
        if [[ $words[2] == -* ]]; then
            _arguments '(-V --version)'{-V,--version}'[Print the version]' '(-h --help)'{-h,--help}'[Print this help]'
        else
            _describe -t commands command verbs
        fi
        return
    fi
    local verb=$words[2]
    shift words
    ((CURRENT--))
    case $verb in
    boil) _arguments -S \
        '(-w --water)'{-w,--water=}'[How much, such as 2 \[never\: 0\]]:LITRES: ' \
        '(--style)'--style='[How fast it'\''s done]:STYLE:(fast gentle)' \
        '*'{-a,--add=}'[What to put in]:NAME: ' \
        '(--log)'--log='[Where to write it down]:FILE:_files' \
        '(-n --dry-run)'{-n,--dry-run}'[Print what would be boiled, how fast and with what in it, but do not boil anything]' \
        '(-h --help)'{-h,--help}'[Print this help]' ;;
    run) _arguments -S \
        '(-c --cup)'{-c,--cup=}'[Cup to fill]:SIZE:(small large)' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-)1:COMMAND:_command_names -e' \
        '*::argument:_normal' ;;
    snapshot) _arguments -S \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '1:DIR:_files -/' ;;
    completion) _arguments -S \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '1:SHELL:(bash zsh fish)' ;;
    status) _arguments -S \
        '(--json)'--json'[For programs]' \
        '(-h --help)'{-h,--help}'[Print this help]' ;;
    help) _arguments '1: :{_describe -t commands command verbs}' ;;
    esac
}
if [[ $funcstack[1] == _kettle ]]; then
    _kettle "$@"
else
    compdef _kettle kettle
fi
