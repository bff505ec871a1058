#include "page/document_json.h"

#include <fmt/format.h>

#include <cstdlib>

#include "page/escape.h"

namespace espalier::page {
namespace {

struct Item {
  OrderedJson operator()(const Figure& figure) const {
    return {{"kind", "figure"},
            {"id", figure.id},
            {"title", figure.title},
            {"caption", figure.caption},
            {"group", figure.group},
            {"choice", figure.choice},
            {"content", content_to_json(figure)}};
  }
  OrderedJson operator()(const Table& table) const {
    const auto column = [](const Table::Column& one) -> OrderedJson {
      return {{"title", one.title}, {"number", one.number}, {"code", one.code}};
    };
    const auto cell = [](const Cell& one) -> OrderedJson {
      if (!one.number) return {{"text", one.text}};
      return {{"text", one.text}, {"number", number_to_json(one.number)}};
    };
    return {{"kind", "table"},
            {"id", table.id},
            {"title", table.title},
            {"caption", table.caption},
            {"columns", list_to_json(table.columns, column)},
            {"rows", list_to_json(table.rows,
                                  [&](const std::vector<Cell>& row) { return list_to_json(row, cell); })}};
  }
  OrderedJson operator()(const Listing& listing) const {
    return {{"kind", "listing"}, {"id", listing.id}, {"title", listing.title}, {"text", listing.text}};
  }
};

OrderedJson to_json(const Alarm& alarm) {
  const char* const weight = alarm.weight == Alarm::Weight::note      ? "note"
                             : alarm.weight == Alarm::Weight::warning ? "warning"
                                                                      : "damage";
  return {{"weight", weight}, {"text", alarm.text}};
}

OrderedJson to_json(const Section& section) {
  const auto item = [](const auto& one) { return std::visit(Item(), one); };
  return {{"id", section.id},
          {"title", section.title},
          {"folded", section.folded},
          {"paragraphs", section.paragraphs},
          {"items", list_to_json(section.items, item)}};
}

/// Texts become printable. Numbers keep eight digits, which is more than a picture shows: half as long.
void prepare_for_drawing(OrderedJson& json) {
  if (json.is_string()) {
    json = one_line(json.get_ref<const std::string&>());
  } else if (json.is_number_float()) {
    json = std::strtod(fmt::format("{:.8g}", json.get<double>()).c_str(), nullptr);
  } else if (json.is_structured()) {
    for (OrderedJson& part : json) prepare_for_drawing(part);
  }
}

}  // namespace

OrderedJson to_json(const Document& document) {
  return {
      {"title", document.title},
      {"subtitle", document.subtitle},
      {"unfinished", document.unfinished},
      {"alarms", list_to_json(document.alarms, [](const Alarm& alarm) { return to_json(alarm); })},
      {"sections", list_to_json(document.sections, [](const Section& section) { return to_json(section); })}};
}

OrderedJson figures_to_json(const Document& document) {
  OrderedJson figures = OrderedJson::array();
  for_each_part<Figure>(document, [&](const Figure& figure) {
    if (std::holds_alternative<Drawing>(figure.content)) return;
    figures.push_back({{"id", figure.id}, {"title", figure.title}, {"content", content_to_json(figure)}});
  });
  prepare_for_drawing(figures);
  return {{"figures", figures}};
}

std::string json_text(const OrderedJson& json, int indent) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace espalier::page
