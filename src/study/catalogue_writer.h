// The one thread that writes a study's catalogue: workers hand it rows and go on.
// Thread statement: add() and broken() from any thread; the rest by the owner.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "results/catalogue.h"

namespace senoma::study {

class CatalogueWriter {
 public:
  /// A new catalogue with the rows that are known already. Throws E6003.
  CatalogueWriter(const std::filesystem::path& path, const std::map<std::string, std::string>& about,
                  const std::vector<results::CatalogueVariant>& variants, const results::Catalogue::Outcomes& outcomes,
                  const std::vector<results::CatalogueMember>& rows);
  ~CatalogueWriter();
  CatalogueWriter(const CatalogueWriter&) = delete;
  CatalogueWriter& operator=(const CatalogueWriter&) = delete;

  void add(const results::CatalogueMember& row);
  /// Whether writing has failed: nothing more need be run. finish() throws the reason.
  [[nodiscard]] bool broken() const { return broken_; }
  /// Writes what is left and closes the file. Throws E6003.
  void finish();

 private:
  void work();
  void end();

  results::Catalogue catalogue_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<results::CatalogueMember> waiting_;
  bool ended_ = false;
  std::atomic<bool> broken_ = false;
  std::exception_ptr thrown_;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace senoma::study
