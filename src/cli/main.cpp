#include "cli/verbs.h"

int main(int argc, char** argv) { return senoma::cli::main(argc, argv); }
