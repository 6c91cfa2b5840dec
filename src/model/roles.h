// Who makes each substrate of a model and who senses it: for the model card, and for warnings about a substance that no
// one makes or no one senses. From the description alone. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "engine/description.h"

namespace senoma::model {

struct SubstrateRoles {
  std::string substrate;
  std::vector<std::string> makers;   ///< "tumour (network)", "fibroblast", "vessels", "boundary", "start"
  std::vector<std::string> sensers;  ///< "tumour: migration speed", "tumour: LIGAND_occ", "MATRIX degradation" …
  std::vector<std::string> takers;   ///< cell types that take it up
};

[[nodiscard]] std::vector<SubstrateRoles> substrate_roles(const engine::Description& description);

/// Sentences about what the parts of the model do not say of each other: substrates that no one makes or no one senses,
/// transitions that undo each other at once (their conditions on one quantity overlap).
[[nodiscard]] std::vector<std::string> loose_ends(const engine::Description& description);

}  // namespace senoma::model
