//===- CppLiterals.cpp - values of the IR as text of C++ ------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "backend/CppLiterals.h"
#include "backend/RuntimeValues.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace secformer;
using namespace secformer::mpc;

std::string secformer::quoted(StringRef text) {
  std::string result = "\"";
  for (unsigned char c : text)
    if (c == '"' || c == '\\')
      (result += '\\') += char(c);
    else if (c >= 0x20 && c < 0x7f)
      result += char(c);
    else // Octal escapes end after three digits, whatever follows.
      result +=
          {'\\', char('0' + c / 64), char('0' + c / 8 % 8), char('0' + c % 8)};
  return result + '"';
}

std::string secformer::literal(RankedTensorType type) {
  return braced(type.getShape());
}

std::string secformer::decimal(double value) {
  SmallString<32> text;
  llvm::raw_svector_ostream(text) << llvm::format("%.17g", value);
  return text.str().str();
}

std::string secformer::fitDefinition(FitOp fit) {
  const runtime::Univariate series = univariateOf(fit);
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "// " << fit.getFormula() << " on ["
      << decimal(fit.getLow().convertToDouble()) << ", "
      << decimal(fit.getHigh().convertToDouble()) << "]\n"
      << "static const Univariate " << fit.getSymName() << "{"
      << series.inputRing << ", " << series.firstFrequency << ", "
      << series.frequencyStep << ", " << series.factorBits << ", "
      << series.coefficientBits << ", " << series.constant << ", "
      << braced(series.dealtBits) << ", " << braced(series.cosine) << ", "
      << braced(series.sine) << ", " << series.low << ", " << series.high
      << "};\n";
  return text;
}

std::string WireTypes::operator[](Value wire) {
  const runtime::WireType type = wireTypeOf(wire);
  std::string name, value;
  llvm::raw_string_ostream asName(name), asValue(value);
  asName << "type_";
  llvm::interleave(type.shape, asName, "x");
  asName << (type.shape.empty() ? "scalar_" : "_") << type.scale << '_'
         << type.ring;
  asValue << '{' << braced(type.shape) << ", " << type.scale << ", "
          << type.ring << '}';
  values.try_emplace(name, value);
  return name;
}

std::string WireTypes::definitions() const {
  std::string text;
  for (const auto &[name, value] : values)
    text += "static const WireType " + name + value + ";\n";
  return text;
}
