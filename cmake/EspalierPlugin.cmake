# The function that makes a plugin, for the plugins of this project and for those of third parties
# (find_package(Espalier) provides it).
#
# espalier_add_plugin(NAME KIND SOURCE… [LINK LIBRARY…] [NO_INSTALL])
#
# makes one shared library, KIND_NAME.so of the target KIND_NAME, which the host finds by the kind and name of its
# ESPALIER_… macro. KIND is one of ESPALIER_PLUGIN_KINDS. A plugin that uses LibTorch links espalier::network.
# `cmake --install` puts the plugin into lib/espalier/plugins of the prefix.
set(ESPALIER_PLUGIN_DIR lib/espalier/plugins)

# All kinds of plugins. A new one also has the folder plugins/KINDs and a project in sdk/templates/KIND.
set(ESPALIER_PLUGIN_KINDS search_space optimizer benchmark trainer dataset predictor)

function(espalier_add_plugin name kind)
  cmake_parse_arguments(arg "NO_INSTALL" "" "LINK" ${ARGN})
  if(NOT kind IN_LIST ESPALIER_PLUGIN_KINDS)
    list(JOIN ESPALIER_PLUGIN_KINDS ", " kinds)
    message(FATAL_ERROR "espalier_add_plugin: the kind \"${kind}\" of ${name} does not exist; expected one of ${kinds}")
  endif()
  if("espalier::network" IN_LIST arg_LINK AND NOT TARGET espalier::network)
    if(DEFINED ESPALIER_NETWORK)
      return()  # a build of Espalier without networks leaves the plugin out
    endif()
    message(FATAL_ERROR "espalier_add_plugin: ${name} links espalier::network, which is not loaded; "
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
    # Reports an undefined symbol here and not to a user; leaves out libraries that the plugin does not use.
    target_link_options(${target} PRIVATE LINKER:--no-undefined LINKER:--as-needed)
  endif()
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${ESPALIER_PLUGIN_DIR})
  endif()
endfunction()
