//===- Npz.cpp - numpy archives -------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/Npz.h"

#include "runtime/Error.h"
#include "runtime/ShapeMath.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <limits>
#include <unistd.h>
#include <zip.h>

namespace secformer::runtime {
namespace {

/// How many bytes the arrays of an archive may have: what a file of its size
/// holds, and not what a few bytes can be made to inflate to.
constexpr uint64_t maxInflation = 64;
constexpr uint64_t alwaysInflated = uint64_t(64) << 20;
constexpr size_t maxHeaderBytes = 64 << 10;
constexpr size_t maxRank = 32;
constexpr std::string_view magic("\x93NUMPY", 6);

struct Description {
  const char *text;
  DType dtype;
};
constexpr Description descriptions[] = {{"<f4", DType::Float32},
                                        {"<f8", DType::Float64},
                                        {"<i4", DType::Int32},
                                        {"<i8", DType::Int64},
                                        {"|b1", DType::Bool}};

/// Reads the header of a .npy file, a Python dictionary in a fixed style.
class Header {
public:
  Header(std::string_view text, const std::string &where)
      : text(text), where(where) {}

  DType dtype() {
    std::string_view found = quoted(after("descr"));
    for (const Description &known : descriptions)
      if (found == known.text)
        return known.dtype;
    fail("has type '" + std::string(found) +
         "', expected float32, float64, int32, int64 or bool, little endian");
  }

  bool fortranOrder() {
    std::string_view rest = after("fortran_order");
    if (rest.starts_with("True"))
      return true;
    if (!rest.starts_with("False"))
      fail("has a bad fortran_order");
    return false;
  }

  Shape shape() {
    std::string_view rest = after("shape");
    Shape result;
    if (!rest.starts_with("("))
      fail("has a bad shape");
    rest.remove_prefix(1);
    while (true) {
      while (!rest.empty() && (rest[0] == ' ' || rest[0] == ','))
        rest.remove_prefix(1);
      if (rest.starts_with(")"))
        return result;
      int64_t extent = 0;
      auto [end, error] =
          std::from_chars(rest.data(), rest.data() + rest.size(), extent);
      if (error != std::errc() || extent < 0 || result.size() == maxRank)
        fail("has a bad shape");
      rest.remove_prefix(size_t(end - rest.data()));
      result.push_back(extent);
    }
  }

private:
  [[noreturn]] void fail(const std::string &what) const {
    throw Error(where + " " + what);
  }
  /// What follows "'key': ".
  std::string_view after(const std::string &key) const {
    size_t at = text.find("'" + key + "'");
    at = at == text.npos ? at : text.find(':', at);
    if (at == text.npos)
      fail("has a bad .npy header: no " + key);
    while (++at < text.size() && text[at] == ' ')
      ;
    return text.substr(at);
  }
  std::string_view quoted(std::string_view rest) const {
    size_t end = rest.empty() ? rest.npos : rest.find(rest[0], 1);
    if (end == rest.npos || (rest[0] != '\'' && rest[0] != '"'))
      fail("has a bad .npy header: descr is no text");
    return rest.substr(1, end - 1);
  }

  std::string_view text;
  const std::string &where;
};

/// The bytes of an array; no product of its extents other than 0 may exceed
/// what sizes can say.
size_t checkedBytes(const Shape &shape, DType dtype, const std::string &where) {
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  uint64_t bytes = dtypeSize(dtype);
  bool empty = false;
  for (int64_t extent : shape) {
    empty |= extent == 0;
    uint64_t factor = std::max<uint64_t>(uint64_t(extent), 1);
    if (bytes > most / factor)
      throw Error(where + " is too large");
    bytes *= factor;
  }
  return empty ? 0 : bytes;
}

std::vector<std::byte> toCOrder(std::span<const std::byte> bytes,
                                const Shape &shape, size_t element) {
  std::vector<std::byte> result(bytes.size());
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t d = 0; d < shape.size(); stride *= shape[d++])
    strides[d] = stride;
  RowWalk walk(shape, {strides});
  walk.run([&](size_t to, const size_t *from) {
    for (size_t i = 0; i < walk.rowLength(); ++i)
      std::memcpy(result.data() + (to + i) * element,
                  bytes.data() + (from[0] + i * walk.rowStride(0)) * element,
                  element);
  });
  return result;
}

Tensor parseNpy(std::span<const std::byte> bytes, const std::string &where) {
  auto byteAt = [&](size_t i) { return std::to_integer<size_t>(bytes[i]); };
  if (bytes.size() < 12 ||
      std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
    throw Error(where + " is not a .npy array");
  size_t version = byteAt(6), start = version == 1 ? 10 : 12;
  if (version < 1 || version > 3)
    throw Error(where + " has .npy format " + std::to_string(version) +
                ", expected 1 to 3");
  size_t length = byteAt(8) | byteAt(9) << 8;
  if (version > 1)
    length |= byteAt(10) << 16 | byteAt(11) << 24;
  if (length > maxHeaderBytes || start + length > bytes.size())
    throw Error(where + " has a bad .npy header length");
  Header header({reinterpret_cast<const char *>(bytes.data()) + start, length},
                where);
  Tensor result{header.dtype(), header.shape(), {}};
  std::span<const std::byte> data = bytes.subspan(start + length);
  size_t expected = checkedBytes(result.shape, result.dtype, where);
  if (data.size() != expected)
    throw Error(where + " holds " + std::to_string(data.size()) +
                " bytes of data, expected " + std::to_string(expected) +
                " for shape " + toString(result.shape));
  if (header.fortranOrder() && result.shape.size() > 1)
    result.data = toCOrder(data, result.shape, dtypeSize(result.dtype));
  else
    result.data.assign(data.begin(), data.end());
  return result;
}

std::vector<std::byte> formatNpy(const Tensor &tensor) {
  std::string shape;
  for (int64_t extent : tensor.shape)
    shape += std::to_string(extent) + ", ";
  if (tensor.shape.size() > 1)
    shape.resize(shape.size() - 2); // a single extent keeps its comma
  std::string text = "{'descr': '";
  text += descriptions[size_t(tensor.dtype)].text;
  text += "', 'fortran_order': False, 'shape': (" + shape + "), }";
  text.append(63 - (10 + text.size()) % 64, ' '); // data starts aligned to 64
  text += '\n';
  std::string head(magic);
  head += {'\1', '\0', static_cast<char>(text.size() & 0xff),
           static_cast<char>(text.size() >> 8)};
  head += text;
  std::vector<std::byte> result(head.size() + tensor.data.size());
  std::memcpy(result.data(), head.data(), head.size());
  if (!tensor.data.empty())
    std::memcpy(result.data() + head.size(), tensor.data.data(),
                tensor.data.size());
  return result;
}

/// An open archive; discarded unless closed.
class Archive {
public:
  Archive(const std::string &path, int flags) : path(path) {
    int code = 0;
    archive = zip_open(path.c_str(), flags, &code);
    if (archive)
      return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw Error("cannot open " + path + ": " + text);
  }
  ~Archive() {
    if (archive)
      zip_discard(archive);
  }
  Archive(const Archive &) = delete;
  Archive &operator=(const Archive &) = delete;

  zip_t *get() const { return archive; }
  [[noreturn]] void fail(const std::string &what) const {
    throw Error("cannot " + what + ": " + zip_strerror(archive));
  }
  void close() {
    if (zip_close(archive) != 0)
      fail("write " + path);
    archive = nullptr;
  }

private:
  const std::string path;
  zip_t *archive;
};

std::vector<std::byte> readEntry(const Archive &archive, zip_uint64_t index,
                                 zip_uint64_t size, const std::string &where) {
  std::vector<std::byte> bytes(size);
  zip_file_t *file = zip_fopen_index(archive.get(), index, 0);
  if (!file)
    archive.fail("read " + where);
  zip_int64_t got = zip_fread(file, bytes.data(), size);
  std::byte more;
  bool longer = got >= 0 && zip_fread(file, &more, 1) > 0;
  int closed = zip_fclose(file);
  if (got < 0 || zip_uint64_t(got) != size || longer || closed != 0)
    throw Error("cannot read " + where + ": the archive is damaged");
  return bytes;
}

} // namespace

TensorMap readNpz(const std::string &path) {
  Archive archive(path, ZIP_RDONLY | ZIP_CHECKCONS);
  TensorMap result;
  uint64_t room =
      alwaysInflated + maxInflation * std::filesystem::file_size(path);
  zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_uint64_t i = 0; i < zip_uint64_t(entries); ++i) {
    zip_stat_t status;
    if (zip_stat_index(archive.get(), i, 0, &status) != 0 ||
        !(status.valid & ZIP_STAT_NAME) || !(status.valid & ZIP_STAT_SIZE))
      archive.fail("read " + path);
    std::string name = status.name;
    std::string where = path + ": entry '" + name + "'";
    if (status.size > room)
      throw Error(where + " is too large: the arrays of an archive can have " +
                  std::to_string(maxInflation) + " times its bytes");
    room -= status.size;
    if (!name.ends_with(".npy"))
      throw Error(where + " is not a .npy array");
    name.resize(name.size() - 4);
    Tensor tensor = parseNpy(readEntry(archive, i, status.size, where), where);
    if (!result.emplace(name, std::move(tensor)).second)
      throw Error(where + " is there twice");
  }
  return result;
}

void writeNpz(const std::string &path, const TensorMap &tensors) {
  const std::string unfinished = path + ".part" + std::to_string(getpid());
  std::vector<std::vector<std::byte>> contents; // read when the archive closes
  try {
    Archive archive(unfinished, ZIP_CREATE | ZIP_TRUNCATE);
    for (const auto &[name, tensor] : tensors) {
      const auto &bytes = contents.emplace_back(formatNpy(tensor));
      zip_source_t *source =
          zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
      zip_int64_t index =
          source ? zip_file_add(archive.get(), (name + ".npy").c_str(), source,
                                ZIP_FL_ENC_UTF_8)
                 : -1;
      if (index < 0) {
        zip_source_free(source);
        archive.fail("write " + path);
      }
      constexpr zip_uint16_t firstDay = 0x21; // 1980-01-01, the zip epoch
      if (zip_set_file_compression(archive.get(), zip_uint64_t(index),
                                   ZIP_CM_STORE, 0) != 0 ||
          zip_file_set_dostime(archive.get(), zip_uint64_t(index), 0, firstDay,
                               0) != 0)
        archive.fail("write " + path);
    }
    archive.close();
    std::filesystem::rename(unfinished, path);
  } catch (const std::filesystem::filesystem_error &error) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw Error("cannot write " + path + ": " + error.code().message());
  }
}

} // namespace secformer::runtime
