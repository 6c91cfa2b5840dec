// A small writer of Zarr v3 (https://zarr-specs.readthedocs.io/en/latest/v3/core/v3.0.html): groups, regular-grid
// arrays of little-endian numbers and of UTF-8 strings, attributes, codecs bytes (or vlen-utf8) + zstd. Proved against
// zarr-python 3.1 and anndata 0.12 in tests/python. It writes nodes into a folder that the caller shows to readers by
// renaming it (files.h), except for replace_metadata, which replaces one zarr.json atomically. Attributes are JSON
// objects as text; an empty text means none. Cost: zstd level 3, about 300 MB/s and core. Thread statement: re-entrant
// for different folders.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace senoma::results::zarr {

enum class DataType { float64, float32, int8, int16, int32, int64, uint8, uint16, uint32, uint64, string };

struct ArrayMeta {
  DataType type = DataType::float64;
  std::vector<std::uint64_t> shape;        ///< empty for a scalar
  std::vector<std::uint64_t> chunk_shape;  ///< same length; entries ≥ 1
  std::string attributes;                  ///< JSON object
  std::vector<std::string> dimension_names;
  char separator = '.';  ///< of chunk keys: '.' makes files c.0.1, '/' folders c/0/1
};

/// zarr.json of a group or an array.
[[nodiscard]] std::string group_json(const std::string& attributes = {});
[[nodiscard]] std::string array_json(const ArrayMeta& meta);

/// Makes the folder and its zarr.json.
void write_group(const std::filesystem::path& folder, const std::string& attributes = {});
/// Replaces zarr.json of an existing node: readers see the old or the new one.
void replace_metadata(const std::filesystem::path& folder, const std::string& json);

/// Makes the folder, zarr.json and all chunks. `values` is row-major, of product(shape) elements.
void write_array(const std::filesystem::path& folder, const ArrayMeta& meta, std::span<const std::byte> values);
void write_strings(const std::filesystem::path& folder, const std::vector<std::string>& values,
                   const std::string& attributes);
void write_scalar(const std::filesystem::path& folder, double value, const std::string& attributes);
void write_scalar(const std::filesystem::path& folder, const std::string& value, const std::string& attributes);

template <class T>
void write_values(const std::filesystem::path& folder, const ArrayMeta& meta, const std::vector<T>& values) {
  write_array(folder, meta, std::as_bytes(std::span<const T>(values)));
}

/// One full chunk (row-major, of product(chunk_shape) elements) at grid position `chunk`.
void write_chunk(const std::filesystem::path& folder, std::span<const std::uint64_t> chunk, char separator,
                 std::span<const std::byte> values);

}  // namespace senoma::results::zarr
