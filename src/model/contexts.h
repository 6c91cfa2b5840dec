// Contexts: circumstances in which an experiment is run (a genotype, an immune state, a stroma), each a file
// contexts/NAME.toml beside the model. It holds [context] (title, description, group, set, add) and ordinary keys that
// override the model's. Contexts compose, in the order
//   experiment.contexts < those of the arm < --context,
// after the profile and before what the arm itself sets; two of one group exclude each other.
// A context is looked for in folders `contexts` beside the files the model is made of and in the folders above them;
// the nearest wins, the file asked for before those it extends. Threads: free of global state.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/document.h"

namespace senoma::model {

/// The contexts within reach of these files (as Document::files), by name. A file that is no context is left out, one
/// that cannot be read has its error as description.
[[nodiscard]] std::vector<ContextInfo> find_contexts(const std::vector<std::string>& files);
/// Those of an experiment file. Throws as compose().
[[nodiscard]] std::vector<ContextInfo> list_contexts(const std::string& path);

/// Reads a file and all it extends.
using ReadFile = std::function<Value(const std::string& path, const SourcePosition& asked_from)>;

/// Merges the contexts that the experiment, the arm and the options name into `document.root`, and notes them in
/// `document.contexts`. Throws E1112 (no such context), E1113 (two of one group), E1114 (malformed).
void apply_contexts(Document& document, const LoadOptions& options, const ReadFile& read);

/// E1114 when the model file is itself a context, or when a layer after apply_contexts chose contexts.
void check_contexts_kept(const Document& document);

}  // namespace senoma::model
