#pragma once

#include <string>
#include <string_view>

// How texts from outside (names of methods, titles of configs, architectures) are written into each format,
// so that they are read as the texts that they are: never as markup, as a command or as a formula.
namespace espalier::page {

/// [any-thread] One line of printable text: line ends and tabs become spaces; bytes that are not UTF-8,
/// control characters and those that change the direction of writing become "?".
std::string one_line(std::string_view text);
/// [any-thread] The same for each line of a text, whose line ends stay.
std::string printable_lines(std::string_view text);

/// [any-thread] For the content of an element and for an attribute in double quotes. Changes nothing else.
std::string html(std::string_view text);
/// [any-thread] For text and cells of GitHub's Markdown; one line.
std::string markdown(std::string_view text);
/// [any-thread] For text and cells of LaTeX; one line. Letters that its fonts lack are written as their code.
std::string latex(std::string_view text);
/// [any-thread] A cell of a CSV file (RFC 4180), in quotes where it needs them. A text that a spreadsheet
/// would take for a formula has an apostrophe before it; bytes that are not UTF-8 are left out.
std::string csv(std::string_view text);
/// [any-thread] JSON within a script element: nothing in it ends the element or a line of JavaScript.
std::string script_json(std::string_view json);

}  // namespace espalier::page
