// What a run records about the program that made it: nothing about the machine but its instruction set.
#pragma once

#include <map>
#include <string>

namespace senoma::study {

[[nodiscard]] std::string program_version();
/// "x86-64-v3": what the vectorised kernels are chosen for at start-up.
[[nodiscard]] std::string instruction_set();
/// Compiler and libraries by name.
[[nodiscard]] std::map<std::string, std::string> library_versions();

}  // namespace senoma::study
