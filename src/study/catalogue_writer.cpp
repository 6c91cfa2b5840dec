#include "study/catalogue_writer.h"

#include <utility>

namespace senoma::study {

CatalogueWriter::CatalogueWriter(const std::filesystem::path& path, const std::map<std::string, std::string>& about,
                                 const std::vector<results::CatalogueVariant>& variants,
                                 const results::Catalogue::Outcomes& outcomes,
                                 const std::vector<results::CatalogueMember>& rows)
    : catalogue_(path, about, variants, outcomes) {
  catalogue_.add(rows);
  thread_ = std::thread([this] { work(); });
}

CatalogueWriter::~CatalogueWriter() { end(); }

void CatalogueWriter::add(const results::CatalogueMember& row) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(row);
  }
  changed_.notify_one();
}

void CatalogueWriter::work() {
  for (;;) {
    std::vector<results::CatalogueMember> batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      batch = std::exchange(waiting_, {});
    }
    try {
      catalogue_.add(batch);
    } catch (...) {
      thrown_ = std::current_exception();
      broken_ = true;
      return;
    }
  }
}

void CatalogueWriter::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CatalogueWriter::finish() {
  end();
  if (thrown_) std::rethrow_exception(thrown_);
  catalogue_.close();
}

}  // namespace senoma::study
