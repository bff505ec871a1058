#include "page/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "page/escape.h"
#include "page/table_text.h"

namespace espalier::page {
namespace {

/// A block of code that is fenced by more backquotes than it holds.
std::string fenced(std::string_view content) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : content) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "\n" + std::string(content) + fence + "\n\n";
}

std::string paragraph(std::string_view text) { return text.empty() ? "" : markdown(text) + "\n\n"; }

struct ItemMarkdown {
  const std::set<std::string>& files;

  std::string operator()(const Figure& figure) const {
    std::string text = fmt::format("### {}\n\n", markdown(figure.title));
    const std::string name = "figures/" + figure.id;
    if (files.contains(name + ".svg")) text += fmt::format("![{}]({}.svg)\n\n", markdown(figure.title), name);
    text += paragraph(figure.caption);
    if (files.contains(name + ".pdf")) text += fmt::format("[PDF]({}.pdf)\n\n", name);
    return text;
  }

  std::string operator()(const Table& table) const {
    return fmt::format("### {}\n\n{}{}\n", markdown(table.title), paragraph(table.caption),
                       to_markdown(table));
  }

  std::string operator()(const Listing& listing) const {
    return fmt::format("### {}\n\n{}", markdown(listing.title), fenced(printable_lines(listing.text)));
  }
};

std::string_view weight_name(Alarm::Weight weight) {
  switch (weight) {
    case Alarm::Weight::note:
      return "Note";
    case Alarm::Weight::warning:
      return "Warning";
    default:
      return "Damage";
  }
}

}  // namespace

std::string to_markdown(const Document& document, const std::set<std::string>& files) {
  std::string text = fmt::format("# {}\n\n", markdown(document.title)) + paragraph(document.subtitle);
  if (document.unfinished) text += "> **Unfinished:** more results are to come.\n\n";
  for (const Alarm& alarm : document.alarms)
    text += fmt::format("> **{}:** {}\n\n", weight_name(alarm.weight), markdown(alarm.text));
  for (const Section& section : document.sections) {
    text += fmt::format("## {}\n\n", markdown(section.title));
    for (const std::string& one : section.paragraphs) text += paragraph(one);
    for (const auto& item : section.items) text += std::visit(ItemMarkdown{files}, item);
  }
  return text;
}

}  // namespace espalier::page
