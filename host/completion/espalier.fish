# fish completion for espalier: the program itself knows what fits; files are offered besides.
function __espalier_complete
    set -l words (commandline -opc) (commandline -ct)
    command $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c espalier -a '(__espalier_complete)'
