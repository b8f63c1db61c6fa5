#include "viewer/report.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "viewer/output_file.h"
#include "viewer/report/page_data.h"
#include "viewer/report/page_text.h"
#include "viewer/report/static_body.h"
#include "viewer/report/text.h"

namespace heapcrest {
namespace {

constexpr size_t kMaxTitleBytes = 200;

std::string Hash(const char* sha256_hex) {
  return absl::StrCat("'sha256-", absl::Base64Escape(absl::HexStringToBytes(sha256_hex)), "'");
}

// Nothing but this script and this style: no request, no frame, no form, whatever a symbol holds.
std::string SecurityPolicy() {
  return absl::StrCat("default-src 'none'; script-src ", Hash(kPageScriptSha256), "; style-src ",
                      Hash(kPageStyleSha256),
                      "; img-src data:; base-uri 'none'; form-action 'none'");
}

}  // namespace

std::string RenderReport(const Recording& recording, const ReportOptions& options) {
  const PageData page = WritePageData(recording, options.page_megabytes);
  const std::string title =
      EscapeHtml(CleanText(page.summary.main_process().command, kMaxTitleBytes));
  return absl::StrCat(
      std::string(kReportMarker), " ", EscapeHtml(options.version),
      " -->\n<html lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
      SecurityPolicy(), "\">\n<title>", title, " · heapcrest</title>\n", kPageHead, "<style>",
      kPageStyle, "</style>\n</head>\n<body>\n", kPageApp, page.blocks,
      // The script finds its data, and does not wait for what it takes the place of.
      "<script>", kPageScript, "</script>\n<main id=\"static\">\n", StaticBody(recording, page),
      "</main>\n</body>\n</html>\n");
}

}  // namespace heapcrest
