#compdef espalier
# zsh completion for espalier: the program itself knows what fits; where it names nothing, files do.
_espalier() {
  local -a found
  found=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then
    if [[ "${found[1]}" == *[=.] ]]; then
      compadd -S '' -- "${found[@]}"
    else
      compadd -- "${found[@]}"
    fi
  else
    _files
  fi
}
compdef _espalier espalier
