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

find_file(LibTorch_VERSION_FILE NAMES torch/headeronly/version.h torch/version.h ${libtorch_where}
          PATH_SUFFIXES include include/torch/csrc/api/include torch/csrc/api/include)
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
  set(libtorch_include ${LibTorch_INCLUDE_DIR})
  if(ESPALIER_LIBTORCH)
    # In front of the system's headers, where Debian's LibTorch may be, but without the fmt and others beside it.
    set(libtorch_include ${CMAKE_BINARY_DIR}/libtorch/include)
    file(MAKE_DIRECTORY ${libtorch_include})
    foreach(name IN ITEMS ATen c10 caffe2 torch)
      file(CREATE_LINK ${LibTorch_INCLUDE_DIR}/${name} ${libtorch_include}/${name} SYMBOLIC)
    endforeach()
    # CMAKE_INSTALL_RPATH_USE_LINK_PATH leaves out what lies in the source tree.
    cmake_path(GET LibTorch_TORCH_LIBRARY PARENT_PATH libtorch_folder)
    target_link_options(LibTorch::LibTorch INTERFACE LINKER:-rpath,${libtorch_folder})
  endif()
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
    ${libtorch_include} ${libtorch_include}/torch/csrc/api/include)
  target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_TORCH_LIBRARY} ${LibTorch_C10_LIBRARY})
  if(LibTorch_TORCH_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    # Nothing refers to a symbol of theirs: they register themselves when they are loaded.
    target_link_libraries(LibTorch::LibTorch INTERFACE
      "-Wl,--push-state,--no-as-needed,${LibTorch_TORCH_CUDA_LIBRARY},${LibTorch_C10_CUDA_LIBRARY},--pop-state")
  endif()
endif()

if(LibTorch_FOUND)
  find_package(OpenMP QUIET COMPONENTS CXX)
endif()
if(OpenMP_CXX_FOUND AND NOT TARGET LibTorch::OpenMP)
  # at::parallel_for is a template: without this it runs on one thread, silently. The threads must be LibTorch's own,
  # from the OpenMP library beside it if there is one: two of them in a process are two pools of threads.
  add_library(LibTorch::OpenMP INTERFACE IMPORTED)
  cmake_path(GET LibTorch_TORCH_LIBRARY PARENT_PATH libtorch_folder)
  if(ESPALIER_LIBTORCH)
    file(GLOB libtorch_openmp ${libtorch_folder}/libgomp*.so*)
  endif()
  if(NOT libtorch_openmp)
    set(libtorch_openmp ${OpenMP_CXX_LIBRARIES})
  endif()
  target_compile_options(LibTorch::OpenMP INTERFACE ${OpenMP_CXX_FLAGS})
  target_link_libraries(LibTorch::OpenMP INTERFACE ${libtorch_openmp})
endif()
