#include "picture/render.h"

#include <graphviz/gvc.h>

#include <fmt/format.h>

#include <memory>

#include "espalier/errors/errors.h"
#include "picture/read_graph.h"

namespace espalier::picture {
namespace {

/// What Graphviz complains of, instead of on standard error.
std::string& complaints() {
  static std::string text;
  return text;
}

int keep_complaint(char* text) {
  complaints() += text;
  return 0;
}

[[noreturn]] void refuse(const std::string& format) {
  std::string said = complaints();
  while (!said.empty() && said.back() == '\n') said.pop_back();
  throw Error({.what = fmt::format("Graphviz cannot draw the picture as {}{}{}", format,
                                   said.empty() ? "" : ": ", said),
               .remedy = "install Graphviz with its plugins, or write a .dot file and draw that elsewhere"});
}

/// One for the life of the process: Graphviz's plugins keep pointers into the first one, and read them again
/// for a second.
GVC_t* the_context() {
  static GVC_t* const context = gvContext();
  return context;
}

struct Release {
  void operator()(Agraph_t* graph) const { agclose(graph); }
  void operator()(char* data) const { gvFreeRenderData(data); }
};

/// A graph with a layout, which goes before the graph does.
class Layout {
 public:
  Layout(GVC_t* context, Agraph_t* graph)
      : context_(context), graph_(graph), done_(gvLayout(context, graph, "dot") == 0) {}
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  ~Layout() { gvFreeLayout(context_, graph_); }

  bool done() const { return done_; }

 private:
  GVC_t* context_;
  Agraph_t* graph_;
  bool done_;
};

}  // namespace

const std::vector<std::string>& formats() {
  static const std::vector<std::string> all = {"svg", "png", "pdf", "dot"};
  return all;
}

std::string render(const std::string& description, const std::string& format) {
  if (format == "dot") return description;
  complaints().clear();
  agseterrf(keep_complaint);
  GVC_t* const context = the_context();
  const std::unique_ptr<Agraph_t, Release> graph(read_graph(description));
  if (context == nullptr || graph == nullptr) refuse(format);
  // Pixels are for screens of today; the other formats know no pixels.
  if (format == "png") agattr(graph.get(), AGRAPH, const_cast<char*>("dpi"), const_cast<char*>("144"));
  const Layout layout(context, graph.get());
  char* data = nullptr;
  unsigned int size = 0;
  if (!layout.done() || gvRenderData(context, graph.get(), format.c_str(), &data, &size) != 0) refuse(format);
  const std::unique_ptr<char, Release> owner(data);
  return {data, size};
}

}  // namespace espalier::picture

#ifdef __SANITIZE_ADDRESS__
/// Graphviz frees neither the labels of clusters nor what Pango and Fontconfig found for it. Graphs are
/// cgraph's, and those that are not closed are still reported.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:libgvc.so\nleak:libfontconfig.so\nleak:libglib-2.0.so\nleak:_dl_resize_dtv\n"
         "leak:_dlerror_run\nleak:libgomp.so\n";
}
/// With so many libraries the loader moves its table of thread-local storage, where LeakSanitizer (of GCC 12)
/// then reads beyond it and dies.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_options() {
  return "print_suppressions=0:use_tls=0";
}
#endif

#ifdef __SANITIZE_THREAD__
/// Pango looks for fonts in a thread of its own, in libraries whose locks ThreadSanitizer does not see.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
  return "called_from_lib:libfontconfig.so\ncalled_from_lib:libglib-2.0.so\n"
         "race:libfontconfig.so\nrace:libglib-2.0.so\nrace:libpango\nrace:libcairo\nrace:libgvplugin\n";
}
#endif
