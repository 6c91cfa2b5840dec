# cmake -DOUTPUT=x.cpp -DINPUTS="a.css;b.js" -DNAMESPACE=a::b -DHEADER=a/b.h -P embed.cmake
# Writes one std::string_view per input, named after the file (report.css → report_css).
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
foreach(input IN LISTS INPUTS)
  get_filename_component(name ${input} NAME)
  string(MAKE_C_IDENTIFIER ${name} identifier)
  file(READ ${input} content)
  string(APPEND text "const std::string_view ${identifier} = R\"senoma_text(${content})senoma_text\";\n")
endforeach()
string(APPEND text "}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${text}")
