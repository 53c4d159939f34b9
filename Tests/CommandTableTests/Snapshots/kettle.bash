# bash completion for kettle, generated from its table of commands
_kettle() {
    local current=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}
    local options= operand=@text next=@text through= wanted= ended= seen=0 i word
    [[ $current == = ]] && current=
    case $verb in
    boil) options='--water --style --add --log --dry-run --help' operand='@none' ;;
    run) options='--cup --help' operand='@command' through=@file ;;
    snapshot) options='--help' operand='@directory' ;;
    completion) options='--help' operand='bash zsh fish' ;;
    status) options='--json --help' operand='@none' ;;
    help) operand='boil run snapshot completion status help' ;;
    esac
    ((COMP_CWORD == 1)) && operand='boil run snapshot completion status help' options='--version --help'
    for ((i = 2; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $wanted ]]; then
            [[ $word == = ]] || wanted=
        elif [[ $ended || $word != -?* ]]; then
            seen=$((seen + 1))
            [[ $through ]] && break
        elif [[ $word == -- ]]; then
            ended=1
        else
            case "$verb $word" in
            'boil -w' | 'boil --water') wanted='@text' ;;
            'boil --style') wanted='fast gentle' ;;
            'boil -a' | 'boil --add') wanted='@text' ;;
            'boil --log') wanted='@file' ;;
            'run -c' | 'run --cup') wanted='small large' ;;
            esac
        fi
    done
    if [[ ! $wanted ]]; then
        if [[ ! $ended && ! ($through && $seen -gt 0) && ($current == -* || $operand == @none) ]]; then
            wanted=$options
        elif ((seen > 0)); then
            wanted=${through:-$next}
        else
            wanted=$operand
        fi
    fi
    COMPREPLY=()
    case $wanted in
    @text | @none) ;;
    @directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    @file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    @command) mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u) ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$wanted" -- "$current") ;;
    esac
}
complete -F _kettle kettle
