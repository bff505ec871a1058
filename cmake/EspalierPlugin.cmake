# espalier_add_plugin(NAME KIND SOURCE… [LINK LIBRARY…] [NO_INSTALL])
#
# A plugin: one shared library that the host finds by the kind and name of its ESPALIER_… macro. One that links
# espalier::network is left out of a build without networks.
function(espalier_add_plugin name kind)
  cmake_parse_arguments(arg "NO_INSTALL" "" "LINK" ${ARGN})
  if("espalier::network" IN_LIST arg_LINK AND NOT ESPALIER_NETWORK)
    return()
  endif()
  set(target ${kind}_${name})
  add_library(${target} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${target} PRIVATE espalier_compile espalier::core ${arg_LINK})
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${ESPALIER_PLUGIN_DIR}
    INSTALL_RPATH "$ORIGIN/../.."
  )
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${ESPALIER_PLUGIN_DIR})
  endif()
endfunction()
