# Only Debian packages; the build never touches the network. Names and versions: tools/debian-packages.txt.
find_package(fmt CONFIG REQUIRED)
find_package(TBB CONFIG REQUIRED)
find_package(Eigen3 CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(zstd CONFIG REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Threads REQUIRED)
find_package(sbml-static CONFIG REQUIRED HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/cmake)
set(SENOMA_SBML_TARGET sbml-static)

# CVODE is the tests' reference integrator only. Debian's development package drags in PETSc and MPI,
# so tools/setup.sh unpacks its header and static archive into build/deps instead of installing it.
set(SENOMA_SUNDIALS_ROOT "${CMAKE_SOURCE_DIR}/build/deps/sundials/usr" CACHE PATH "Unpacked libsundials-dev")
find_path(SENOMA_CVODE_INCLUDE cvode/cvode.h HINTS ${SENOMA_SUNDIALS_ROOT}/include)
find_library(SENOMA_CVODE_LIBRARY NAMES libsundials_cvode.a
             HINTS ${SENOMA_SUNDIALS_ROOT}/lib/${CMAKE_LIBRARY_ARCHITECTURE} ${SENOMA_SUNDIALS_ROOT}/lib)
if(SENOMA_CVODE_INCLUDE AND SENOMA_CVODE_LIBRARY)
  add_library(senoma_cvode INTERFACE)
  target_include_directories(senoma_cvode SYSTEM INTERFACE ${SENOMA_CVODE_INCLUDE})
  target_link_libraries(senoma_cvode INTERFACE ${SENOMA_CVODE_LIBRARY} m)
endif()

if(SENOMA_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(rapidcheck CONFIG REQUIRED)
endif()
