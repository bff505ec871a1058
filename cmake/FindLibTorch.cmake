# LibTorch as one imported target, LibTorch::LibTorch.
#
# Debian's package and the wheel lay their files out differently, and each has a CMake package that asks for
# things which are not needed here (the wheel's for CUDA). Only torch_cpu and c10 are linked, and the CUDA
# libraries where they lie beside them. ESPALIER_LIBTORCH names the folder that holds include/ and lib/:
# the wheel's site-packages/torch, or an unpacked LibTorch archive; empty: the system's.
set(ESPALIER_LIBTORCH "" CACHE PATH "Folder of LibTorch (with include/ and lib/); empty: the system's")

if(ESPALIER_LIBTORCH)
  set(libtorch_where PATHS ${ESPALIER_LIBTORCH} NO_DEFAULT_PATH)
endif()
find_path(LibTorch_INCLUDE_DIR ATen/ATen.h ${libtorch_where} PATH_SUFFIXES include)
find_library(LibTorch_TORCH_LIBRARY torch_cpu ${libtorch_where} PATH_SUFFIXES lib)
find_library(LibTorch_C10_LIBRARY c10 ${libtorch_where} PATH_SUFFIXES lib)
find_library(LibTorch_TORCH_CUDA_LIBRARY torch_cuda ${libtorch_where} PATH_SUFFIXES lib)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda ${libtorch_where} PATH_SUFFIXES lib)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_TORCH_LIBRARY LibTorch_C10_LIBRARY LibTorch_TORCH_CUDA_LIBRARY
                 LibTorch_C10_CUDA_LIBRARY)

find_file(LibTorch_VERSION_FILE torch/version.h ${libtorch_where}
          PATH_SUFFIXES include/torch/csrc/api/include torch/csrc/api/include)
mark_as_advanced(LibTorch_VERSION_FILE)
if(LibTorch_VERSION_FILE)
  foreach(part IN ITEMS MAJOR MINOR PATCH)
    file(STRINGS ${LibTorch_VERSION_FILE} line REGEX "define TORCH_VERSION_${part} +[0-9]+")
    string(REGEX MATCH "[0-9]+$" libtorch_${part} "${line}")
  endforeach()
  set(LibTorch_VERSION ${libtorch_MAJOR}.${libtorch_MINOR}.${libtorch_PATCH})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_TORCH_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "Install libtorch-dev (scripts/install does), set ESPALIER_LIBTORCH, or build without networks: -DESPALIER_NETWORK=OFF.")

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  # Behind the system's headers: the wheel brings an fmt of its own.
  foreach(folder IN ITEMS ${LibTorch_INCLUDE_DIR} ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
    if(NOT folder STREQUAL /usr/include)
      target_compile_options(LibTorch::LibTorch INTERFACE "SHELL:-idirafter ${folder}")
    endif()
  endforeach()
  target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_TORCH_LIBRARY} ${LibTorch_C10_LIBRARY})
  if(LibTorch_TORCH_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    # Nothing refers to a symbol of theirs: they register themselves when they are loaded.
    target_link_libraries(LibTorch::LibTorch INTERFACE
      "-Wl,--push-state,--no-as-needed,${LibTorch_TORCH_CUDA_LIBRARY},${LibTorch_C10_CUDA_LIBRARY},--pop-state")
  endif()
endif()
