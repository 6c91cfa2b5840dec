#include "engine/signals.h"

#include "expr/parse.h"

namespace senoma::engine {

const Signal& SignalTable::add_column(const std::string& name, std::size_t column, Dimension dimension) {
  return entries_.try_emplace(expr::normalise_name(name), Signal{Signal::Kind::column, column, dimension})
      .first->second;
}

const Signal& SignalTable::add_scratch(const std::string& name, Dimension dimension) {
  const auto [entry, added] =
      entries_.try_emplace(expr::normalise_name(name), Signal{Signal::Kind::scratch, n_scratch_, dimension});
  if (added) ++n_scratch_;
  return entry->second;
}

const Signal& SignalTable::add_uniform(const std::string& name, Dimension dimension) {
  const auto [entry, added] =
      entries_.try_emplace(expr::normalise_name(name), Signal{Signal::Kind::uniform, n_uniform_, dimension});
  if (added) ++n_uniform_;
  return entry->second;
}

const Signal& SignalTable::add_alias(const std::string& name, const Signal& signal) {
  const Signal copy = signal;
  return entries_.try_emplace(expr::normalise_name(name), copy).first->second;
}

const Signal* SignalTable::find(const std::string& name) const {
  const auto entry = entries_.find(expr::normalise_name(name));
  return entry == entries_.end() ? nullptr : &entry->second;
}

std::vector<std::string> SignalTable::names() const {
  std::vector<std::string> result;
  result.reserve(entries_.size());
  for (const auto& [name, signal] : entries_) result.push_back(name);
  return result;
}

}  // namespace senoma::engine
