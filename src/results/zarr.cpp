#include "results/zarr.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "results/files.h"

namespace senoma::results::zarr {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are written as they lie in memory");

struct TypeInfo {
  const char* name;
  std::size_t size;  // bytes; 0 for strings
};

TypeInfo info(DataType type) {
  switch (type) {
    case DataType::float64:
      return {"float64", 8};
    case DataType::float32:
      return {"float32", 4};
    case DataType::int8:
      return {"int8", 1};
    case DataType::int16:
      return {"int16", 2};
    case DataType::int32:
      return {"int32", 4};
    case DataType::int64:
      return {"int64", 8};
    case DataType::uint8:
      return {"uint8", 1};
    case DataType::uint16:
      return {"uint16", 2};
    case DataType::uint32:
      return {"uint32", 4};
    case DataType::uint64:
      return {"uint64", 8};
    case DataType::string:
      return {"string", 0};
  }
  return {"float64", 8};
}

std::string compress(std::span<const std::byte> raw) {
  std::string packed(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t n = ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 3);
  if (ZSTD_isError(n))
    throw Error("E6003", std::string("compression failed: ") + ZSTD_getErrorName(n), ErrorKind::input_output);
  packed.resize(n);
  return packed;
}

json attributes_of(const std::string& text) { return text.empty() ? json::object() : json::parse(text); }

std::uint64_t product(std::span<const std::uint64_t> shape) {
  std::uint64_t n = 1;
  for (const std::uint64_t s : shape) n *= s;
  return n;
}

std::string chunk_key(std::span<const std::uint64_t> chunk, char separator) {
  std::string key = "c";
  for (const std::uint64_t index : chunk) {
    key += separator;
    key += std::to_string(index);
  }
  return key;
}

/// Copies the part of the array that chunk `at` covers into `out` (row-major chunk, padded with zeros).
void gather_chunk(const ArrayMeta& meta, std::span<const std::byte> values, std::span<const std::uint64_t> at,
                  std::size_t item, std::vector<std::byte>& out) {
  const std::size_t n = meta.shape.size();
  std::fill(out.begin(), out.end(), std::byte{0});
  std::vector<std::uint64_t> index(n, 0);  // within the chunk; the last axis is copied in one go
  const std::uint64_t last_begin = at[n - 1] * meta.chunk_shape[n - 1];
  const std::uint64_t run = std::min(meta.chunk_shape[n - 1], meta.shape[n - 1] - last_begin);
  while (true) {
    bool inside = true;
    std::uint64_t source = 0, target = 0;
    for (std::size_t d = 0; d < n; ++d) {
      const std::uint64_t global = at[d] * meta.chunk_shape[d] + index[d];
      inside = inside && global < meta.shape[d];
      source = source * meta.shape[d] + global;
      target = target * meta.chunk_shape[d] + index[d];
    }
    if (inside) std::memcpy(out.data() + target * item, values.data() + source * item, run * item);
    std::size_t d = n - 1;
    while (d > 0 && ++index[d - 1] == meta.chunk_shape[d - 1]) index[--d] = 0;
    if (d == 0) return;
  }
}

/// The vlen-utf8 codec: count, then length and bytes of each (all lengths u32 little-endian).
std::vector<std::byte> pack_strings(const std::vector<std::string>& values) {
  std::size_t total = 4;
  for (const std::string& value : values) total += 4 + value.size();
  std::vector<std::byte> bytes(total);
  std::byte* at = bytes.data();
  const auto put_length = [&at](std::size_t n) {
    const auto length = static_cast<std::uint32_t>(n);
    std::memcpy(at, &length, sizeof length);
    at += sizeof length;
  };
  put_length(values.size());
  for (const std::string& value : values) {
    put_length(value.size());
    std::memcpy(at, value.data(), value.size());
    at += value.size();
  }
  return bytes;
}

void make_array_folder(const fs::path& folder, const ArrayMeta& meta) {
  make_folders(folder);
  write_new_file(folder / "zarr.json", array_json(meta));
}

}  // namespace

std::string group_json(const std::string& attributes) {
  return json{{"zarr_format", 3}, {"node_type", "group"}, {"attributes", attributes_of(attributes)}}.dump(1) + "\n";
}

std::string array_json(const ArrayMeta& meta) {
  const TypeInfo type = info(meta.type);
  json bytes_codec = type.size == 0   ? json{{"name", "vlen-utf8"}, {"configuration", json::object()}}
                     : type.size == 1 ? json{{"name", "bytes"}}
                                      : json{{"name", "bytes"}, {"configuration", {{"endian", "little"}}}};
  json node = {
      {"zarr_format", 3},
      {"node_type", "array"},
      {"shape", meta.shape},
      {"data_type", type.name},
      {"chunk_grid", {{"name", "regular"}, {"configuration", {{"chunk_shape", meta.chunk_shape}}}}},
      {"chunk_key_encoding", {{"name", "default"}, {"configuration", {{"separator", std::string(1, meta.separator)}}}}},
      {"fill_value", 0},
      {"codecs", {bytes_codec, {{"name", "zstd"}, {"configuration", {{"level", 3}, {"checksum", false}}}}}},
      {"attributes", attributes_of(meta.attributes)},
  };
  if (type.size == 0) node["fill_value"] = "";
  if (meta.type == DataType::float64 || meta.type == DataType::float32) node["fill_value"] = 0.0;
  if (!meta.dimension_names.empty()) node["dimension_names"] = meta.dimension_names;
  return node.dump(1) + "\n";
}

void write_group(const fs::path& folder, const std::string& attributes) {
  make_folders(folder);
  write_new_file(folder / "zarr.json", group_json(attributes));
}

void replace_metadata(const fs::path& folder, const std::string& json_text) {
  replace_file(folder / "zarr.json", json_text, false);
}

void write_array(const fs::path& folder, const ArrayMeta& meta, std::span<const std::byte> values) {
  const std::size_t item = info(meta.type).size, n = meta.shape.size();
  if (values.size() != product(meta.shape) * item || meta.chunk_shape.size() != n) {
    throw Error("E6003", "array '" + folder.string() + "' does not have the size its shape says",
                ErrorKind::input_output);
  }
  make_array_folder(folder, meta);
  if (values.empty()) return;
  if (meta.chunk_shape == meta.shape) {
    write_chunk(folder, std::vector<std::uint64_t>(n, 0), meta.separator, values);
    return;
  }
  std::vector<std::byte> buffer(product(meta.chunk_shape) * item);
  std::vector<std::uint64_t> at(n, 0);
  while (true) {
    gather_chunk(meta, values, at, item, buffer);
    write_chunk(folder, at, meta.separator, buffer);
    std::size_t d = n;
    while (d > 0 && ++at[d - 1] * meta.chunk_shape[d - 1] >= meta.shape[d - 1]) at[--d] = 0;
    if (d == 0) return;
  }
}

void write_strings(const fs::path& folder, const std::vector<std::string>& values, const std::string& attributes) {
  const std::uint64_t n = values.size();
  make_array_folder(folder, {DataType::string, {n}, {std::max<std::uint64_t>(n, 1)}, attributes, {}, '.'});
  if (n != 0) write_chunk(folder, std::vector<std::uint64_t>{0}, '.', pack_strings(values));
}

void write_scalar(const fs::path& folder, double value, const std::string& attributes) {
  make_array_folder(folder, {DataType::float64, {}, {}, attributes, {}, '.'});
  write_chunk(folder, {}, '.', std::as_bytes(std::span<const double, 1>(&value, 1)));
}

void write_scalar(const fs::path& folder, const std::string& value, const std::string& attributes) {
  make_array_folder(folder, {DataType::string, {}, {}, attributes, {}, '.'});
  write_chunk(folder, {}, '.', pack_strings({value}));
}

void write_chunk(const fs::path& folder, std::span<const std::uint64_t> chunk, char separator,
                 std::span<const std::byte> values) {
  const fs::path path = folder / chunk_key(chunk, separator);
  if (separator == '/') make_folders(path.parent_path());
  write_new_file(path, compress(values));
}

}  // namespace senoma::results::zarr
