#include <cstdio>
#include <exception>

#include "page/write_report.h"
#include "report/sample_document.h"

/// report_sample FOLDER: writes the sample report into FOLDER/sample, and that of hostile texts into
/// FOLDER/hostile.
int main(int count, char** arguments) {
  if (count != 2) return 2;
  try {
    using namespace espalier::page;
    const std::filesystem::path folder = arguments[1];
    for (const auto& report : {write_report(sample_document(), folder / "sample"),
                               write_report(hostile_document(), folder / "hostile")})
      for (const auto& remark : report.remarks) std::printf("%s\n", remark.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
