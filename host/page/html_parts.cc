#include "page/html_parts.h"

#include <fmt/format.h>
#include <sodium/utils.h>

#include <cmath>

#include "page/escape.h"

namespace espalier::page {
namespace {

std::string line(std::string_view text) { return html(one_line(text)); }

std::string column_class(const Table::Column& column) {
  if (column.number) return " class=\"number\"";
  if (column.code) return " class=\"code\"";
  return "";
}

std::string cell_html(const Cell& cell, const Table::Column& column, bool first) {
  const std::string number = cell.number && std::isfinite(*cell.number)
                                 ? fmt::format(" data-number=\"{}\"", *cell.number)
                                 : std::string();
  const std::string name = first ? "th" : "td";
  return fmt::format("<{0}{1}{2}{3}>{4}</{0}>", name, first ? " scope=\"row\"" : "", column_class(column),
                     number, line(cell.text));
}

std::string scrolled(const std::string& id, const std::string& label, const std::string& content) {
  return fmt::format(
      "<div class=\"scroll\" id=\"{}\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n", html(id),
      label, content);
}

struct ItemHtml {
  std::string operator()(const Figure& figure) const {
    const bool drawing = std::holds_alternative<Drawing>(figure.content);
    return fmt::format(
        "<figure id=\"{0}\"{1}{2}>\n<h3>{3}</h3>\n<div class=\"drawn\">{4}</div>\n"
        "<figcaption>{5}</figcaption>\n</figure>\n",
        html(figure.id), drawing ? "" : fmt::format(" data-figure=\"{}\"", html(figure.id)),
        figure.choice.empty() ? "" : fmt::format(" data-choice=\"{}\"", line(figure.choice)),
        line(figure.title), drawing ? picture(std::get<Drawing>(figure.content)) : without_script(figure),
        line(figure.caption));
  }

  std::string operator()(const Table& table) const {
    std::string text =
        fmt::format("<table class=\"data\">\n<caption><strong>{}</strong> {}</caption>\n<thead><tr>",
                    line(table.title), line(table.caption));
    for (const Table::Column& column : table.columns)
      text += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"number\"" : "",
                          line(column.title));
    text += "</tr></thead>\n<tbody>\n";
    for (const std::vector<Cell>& row : table.rows) {
      text += "<tr>";
      for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i)
        text += cell_html(row[i], table.columns[i], i == 0);
      text += "</tr>\n";
    }
    return scrolled(table.id, line(table.title), text + "</tbody>\n</table>");
  }

  std::string operator()(const Listing& listing) const {
    return fmt::format("<h3>{}</h3>\n", line(listing.title)) +
           scrolled(listing.id, line(listing.title),
                    "<pre><code>" + html(printable_lines(listing.text)) + "</code></pre>");
  }

 private:
  /// As an image, in which no script can run.
  static std::string picture(const Drawing& drawing) {
    return fmt::format("<img src=\"data:image/svg+xml;base64,{}\" alt=\"{}\">", base64(drawing.svg),
                       line(drawing.alternative));
  }

  static std::string without_script(const Figure& figure) {
    return fmt::format(
        "<noscript><p>This figure is drawn by a script. The file figures/{}.svg beside this page holds it, "
        "too."
        "</p></noscript>",
        html(figure.id));
  }
};

/// The group that an item belongs to; empty for none.
std::string group_of(const std::variant<Figure, Table, Listing>& item) {
  const auto* figure = std::get_if<Figure>(&item);
  return figure == nullptr ? std::string() : figure->group;
}

std::string items_html(const Section& section) {
  std::string text;
  std::string open;
  for (const auto& item : section.items) {
    const std::string group = group_of(item);
    if (group != open) {
      if (!open.empty()) text += "</div>\n";
      if (!group.empty()) text += "<div class=\"group\">\n";
      open = group;
    }
    text += std::visit(ItemHtml(), item);
  }
  return open.empty() ? text : text + "</div>\n";
}

}  // namespace

std::string section_to_html(const Section& section) {
  std::string content;
  for (const std::string& paragraph : section.paragraphs) content += "<p>" + line(paragraph) + "</p>\n";
  content += items_html(section);
  const std::string id = html(section.id);
  const std::string title = line(section.title);
  if (section.folded)
    return fmt::format(
        "<details class=\"section\" id=\"{}\">\n<summary><h2>{}</h2></summary>\n{}</details>\n", id, title,
        content);
  return fmt::format(
      "<section class=\"section\" id=\"{0}\" aria-labelledby=\"{0}-title\">\n"
      "<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n",
      id, title, content);
}

std::string base64(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), variant);
  text.pop_back();  // the zero at its end
  return text;
}

}  // namespace espalier::page
