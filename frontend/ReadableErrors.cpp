//===- ReadableErrors.cpp - error texts about hostile files ---------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/ReadableErrors.h"

#include <algorithm>

using namespace mlir;
using namespace secformer::frontend;

/// No part of a message that is written here is longer.
static constexpr size_t maxPart = 2000;

static bool isControl(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == '\x7f';
}

std::string secformer::frontend::readable(StringRef text, size_t most) {
  std::string result = text.take_front(most).str();
  if (text.size() > most)
    result += "...";
  std::replace_if(result.begin(), result.end(), isControl, '?');
  return result;
}

ReadableErrors::ReadableErrors(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) -> LogicalResult {
        for (DiagnosticArgument &part : diagnostic.getArguments()) {
          if (part.getKind() !=
              DiagnosticArgument::DiagnosticArgumentKind::String)
            continue;
          StringRef text = part.getAsString();
          if (text.size() <= maxPart && llvm::none_of(text, isControl))
            continue;
          texts.push_back(
              std::make_unique<std::string>(readable(text, maxPart)));
          part = DiagnosticArgument(StringRef(*texts.back()));
        }
        return failure(); // for the next handler
      }) {}
