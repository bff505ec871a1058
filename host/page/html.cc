#include "page/html.h"

#include <fmt/format.h>
#include <sodium/crypto_hash_sha256.h>

#include <array>

#include "page/assets.h"
#include "page/document_json.h"
#include "page/escape.h"
#include "page/html_parts.h"

namespace espalier::page {
namespace {

/// As a content security policy names what it allows.
std::string hash_source(std::string_view content) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(content.data()), content.size());
  return "'sha256-" + base64({reinterpret_cast<const char*>(hash.data()), hash.size()}) + "'";
}

/// The same for all pages.
const std::string& policy() {
  static const std::string text = fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
      hash_source(page_script()), hash_source(page_style()));
  return text;
}

std::string head(const Document& document, const HtmlOptions& options) {
  const std::string refresh =
      document.unfinished && options.refresh
          ? fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", *options.refresh)
          : std::string();
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light "
      "dark\">\n{}<title>{}</title>\n<style>{}</style>\n</head>\n",
      policy(), refresh, html(one_line(document.title)), page_style());
}

std::string navigation(const Document& document) {
  std::string entries;
  for (const Section& section : document.sections)
    entries +=
        fmt::format("<li><a href=\"#{}\">{}</a></li>\n", html(section.id), html(one_line(section.title)));
  return "<nav aria-label=\"sections\">\n<ol>\n" + entries + "</ol>\n</nav>\n";
}

std::string alarm_html(const Alarm& alarm) {
  const bool note = alarm.weight == Alarm::Weight::note;
  const bool warning = alarm.weight == Alarm::Weight::warning;
  return fmt::format("<div class=\"alarm {}\"><strong>{}</strong> {}</div>\n",
                     note      ? "note"
                     : warning ? "warning"
                               : "damage",
                     note      ? "Note:"
                     : warning ? "Warning:"
                               : "Damage:",
                     html(one_line(alarm.text)));
}

std::string unfinished(const HtmlOptions& options) {
  return fmt::format(
      "<div class=\"alarm note\"><strong>Unfinished:</strong> more results are to come.{}</div>\n",
      options.refresh ? fmt::format(" This page loads itself again every {} seconds.", *options.refresh)
                      : std::string());
}

}  // namespace

std::string to_html(const Document& document, const HtmlOptions& options) {
  std::string page = head(document, options);
  page += "<body>\n<a class=\"skip\" href=\"#report\">Skip to the report</a>\n";
  page += fmt::format("<header>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n", html(one_line(document.title)),
                      html(one_line(document.subtitle)));
  page += navigation(document);
  page += "<main id=\"report\" tabindex=\"-1\">\n";
  if (document.unfinished) page += unfinished(options);
  for (const Alarm& alarm : document.alarms) page += alarm_html(alarm);
  for (const Section& section : document.sections) page += section_to_html(section);
  page += "</main>\n<script type=\"application/json\" id=\"figures\">";
  page += script_json(json_text(figures_to_json(document), -1));
  page += "</script>\n<script>";
  page += page_script();
  page += "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace espalier::page
