# The function that makes a plugin, for the plugins of this project and for those of third parties
# (find_package(Espalier) brings it).
#
# espalier_add_plugin(NAME KIND SOURCE… [LINK LIBRARY…] [NO_INSTALL])
#
# One shared library, KIND_NAME.so of the target KIND_NAME, which the host finds by the kind and name of its
# ESPALIER_… macro. KIND: search_space, optimizer, benchmark, trainer or dataset. One on LibTorch links
# espalier::network. `cmake --install` puts it into lib/espalier/plugins of the prefix.
set(ESPALIER_PLUGIN_DIR lib/espalier/plugins)

function(espalier_add_plugin name kind)
  cmake_parse_arguments(arg "NO_INSTALL" "" "LINK" ${ARGN})
  set(kinds search_space optimizer benchmark trainer dataset)
  if(NOT kind IN_LIST kinds)
    list(JOIN kinds ", " kinds)
    message(FATAL_ERROR "espalier_add_plugin: \"${kind}\", of ${name}, is no kind of plugin; expected one of ${kinds}")
  endif()
  if("espalier::network" IN_LIST arg_LINK AND NOT TARGET espalier::network)
    if(DEFINED ESPALIER_NETWORK)
      return()  # Espalier's own build without networks leaves it out
    endif()
    message(FATAL_ERROR "espalier_add_plugin: ${name} links espalier::network, which was not looked for; "
                        "write find_package(Espalier REQUIRED COMPONENTS network)")
  endif()

  set(target ${kind}_${name})
  add_library(${target} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${target} PRIVATE espalier::core ${arg_LINK})
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    INSTALL_RPATH "$ORIGIN/../.."
  )
  if(TARGET espalier_compile)
    target_link_libraries(${target} PRIVATE espalier_compile)
  else()
    # A symbol that is nowhere is found now and not by a user; what is not used is not loaded.
    target_link_options(${target} PRIVATE LINKER:--no-undefined LINKER:--as-needed)
  endif()
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${ESPALIER_PLUGIN_DIR})
  endif()
endfunction()
