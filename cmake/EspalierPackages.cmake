# `cpack` in a build folder makes two Debian packages: espalier (the program, its libraries, plugins and data) and
# espalier-dev (what plugins are built with). What install() gives no component is part of the first.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Espalier maintainers <maintainers@espalier.invalid>")
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
  "The program espalier, its shared libraries, and its plugins.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME espalier)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# What draws the figures of reports as files; the page of a report needs neither.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "librsvg2-bin, nodejs")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "dataset-fashion-mnist, espalier-dev")

set(CPACK_COMPONENT_DEV_DESCRIPTION
  "The headers, CMake package and pkg-config files that plugins of Espalier, and programs that search with it, are built
with.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME espalier-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "espalier (= ${PROJECT_VERSION}), libboost-dev (>= 1.74), nlohmann-json3-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "cmake (>= 3.25), g++, libgtest-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libtorch-dev, pkg-config")

foreach(component IN ITEMS runtime dev)
  string(TOUPPER ${component} variable)
  install(FILES LICENSE DESTINATION share/doc/${CPACK_DEBIAN_${variable}_PACKAGE_NAME} RENAME copyright
          COMPONENT ${component})
endforeach()
# Where Debian's zsh looks; EXCLUDE_FROM_ALL leaves it to the package.
install(FILES host/completion/espalier.zsh DESTINATION share/zsh/vendor-completions RENAME _espalier
        COMPONENT runtime EXCLUDE_FROM_ALL)
include(CPack)
