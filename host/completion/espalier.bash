# bash completion for espalier: the program itself knows what fits; where it names nothing, files do.
_espalier() {
  local word words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    word=${word//\\/}
    if ((${#words[@]} > 0)) && [[ $word == "=" || ${words[-1]} == *= ]]; then
      words[-1]+=$word # bash takes key=value apart
    else
      words+=("$word")
    fi
  done
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
  if [[ ${words[-1]} == *=* && $COMP_WORDBREAKS == *=* ]]; then
    COMPREPLY=("${COMPREPLY[@]#*=}")
  elif [[ ${COMPREPLY[0]} == *[=.] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -o default -F _espalier espalier
