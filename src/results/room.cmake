# The report's style and script are compiled into the library, so that the program is one file.
file(GLOB senoma_report_assets CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/results/report/*.css
     ${CMAKE_SOURCE_DIR}/src/results/report/*.js ${CMAKE_SOURCE_DIR}/src/results/report/*.html)
set(senoma_report_source ${CMAKE_BINARY_DIR}/generated/results_report_assets.cpp)
add_custom_command(
  OUTPUT ${senoma_report_source}
  COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${senoma_report_source}" "-DINPUTS=${senoma_report_assets}"
          -DNAMESPACE=senoma::results::assets -DHEADER=results/report_assets.h -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${senoma_report_assets} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  COMMENT "Embedding the report's style and script"
  VERBATIM)
target_sources(senoma_results PRIVATE ${senoma_report_source})
