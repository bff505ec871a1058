// From the content of a figure to a Vega specification. Pure: the same content and state give the same.
import {heatMap} from './heat_map.js';
import {intervals} from './intervals.js';
import {lines} from './lines.js';
import {ranks} from './ranks.js';
import {scatter} from './scatter.js';
import {expressionInterpreter, parse, View} from './vega.js';

const KINDS = {
  lines,
  intervals,
  heat_map: heatMap,
  scatter,
  ranks
};

/// `state`: the width in pixels; the names of what is hidden; zoom, domains instead of those of the data;
/// ink, the colors of text and background; isFile, whether it is a file, which has a legend, and the page
/// buttons; a description for who cannot see it. Gives the specification, and the plots: rectangles in which
/// a reader can point at values and zoom.
export function specify(content, state) {
  return KINDS[content.kind](content, state);
}

export function view(spec, options) {
  return new View(parse(spec, {}, {ast: true}), {expr: expressionInterpreter, ...options});
}
