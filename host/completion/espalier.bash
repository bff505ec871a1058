# bash completion for espalier: the program itself knows what fits; where it names nothing, files do.
_espalier() {
  local word words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    words+=("${word//\\/}")
  done
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
}
complete -o default -F _espalier espalier
