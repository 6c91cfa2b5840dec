# The version is the project's; a run records it.
target_compile_definitions(senoma_study PRIVATE SENOMA_VERSION="${PROJECT_VERSION}")
