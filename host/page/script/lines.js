// Curves: bands under lines under marks, in one panel or several that share their axes.
import {axisOf, extentOf, roomy} from './axes.js';
import {isRight, marked, marksOf, rowsOf} from './curve.js';
import {clipped, frame, label, plotGroup} from './frame.js';
import {legend} from './legend.js';
import {arrange} from './panels.js';
import {rulesOf} from './rules.js';
import {NORMAL, shortened} from './text.js';

/// The curves that are not hidden.
function shownSeries(content, state) {
  return content.panels.flatMap((panel) => panel.series).filter((series) => !state.hidden.has(series.name));
}

function domainOf(axis, values, zoom) {
  return zoom ?? roomy(extentOf(values, axis.logarithmic), axis.logarithmic);
}

function heights(series) {
  return series.flatMap(({points}) => points.flatMap(([, ...values]) => values));
}

export function lines(content, state) {
  const ink = state.ink.text;
  const {plots, height} = arrange(content.panels, state.width, content.right);
  const size = plots[0] ?? {width: 100, height: 100};
  const shown = shownSeries(content, state);
  const [left, other] =
      [false, true].map((right) => shown.filter((series) => isRight(series, content) === right));
  const rules = content.panels.flatMap((panel) => panel.rules.map((rule) => rule.y));
  const xs = shown.flatMap(({points}) => points.map(([x]) => x));
  const x = axisOf({
    name: 'x',
    axis: content.x,
    orient: 'bottom',
    range: [0, size.width],
    count: Math.max(3, size.width / 75),
    domain: state.zoom?.x ?? (xs.length > 0 ? extentOf(xs, content.x.logarithmic) : [1, 10])
  });
  const ordinate = (name, orient, axis, values, zoom) => (options) => axisOf({
    name,
    axis,
    orient,
    range: [size.height, 0],
    count: size.height / 42,
    domain: domainOf(axis, values, zoom),
    ...options
  });
  const y = ordinate('y', 'left', content.y, [...heights(left), ...rules], state.zoom?.y);
  const right = other.length > 0 && ordinate('right', 'right', content.right, heights(other));
  const entries = [];
  for (const series of content.panels.flatMap((panel) => panel.series))
    if (!state.hidden.has(series.name) && !entries.some(({name}) => name === series.name))
      entries.push({name: series.name, style: series.style, line: true, symbol: true, faint: series.right});
  const key = state.isFile ? legend(entries, state.width, ink) : {marks: [], height: 0};

  const data = [];
  const groups = plots.map((plot, p) => {
    const drawn = content.panels[p].series.filter((series) => !state.hidden.has(series.name));
    const parts = drawn.map((series, s) => {
      const name = `p${p}s${s}`;
      const rows = rowsOf(series, content, x.at, (isRight(series, content) ? right({}) : y({})).at);
      data.push({name, values: rows});
      data.push({name: name + 'm', values: marked(rows.filter((row) => row.shown), series.style)});
      return marksOf(series, name, content);
    });
    const axes = [
      x.axis, y({labels: plot.first, title: plot.first}).axis,
      ...(right ? [right({labels: plot.last, title: plot.last, grid: false}).axis] : [])
    ];
    const title = plot.title &&
        label(shortened(plot.title, plot.width, NORMAL), plot.width / 2, -11,
              {align: 'center', fontSize: NORMAL, fontWeight: 'bold', fill: ink});
    return plotGroup({...plot, y: plot.y + key.height}, {
      axes,
      marks: [
        ...(title ? [title] : []),
        clipped(
            plot,
            [
              ...parts.flatMap((part) => part.band), ...parts.flatMap((part) => part.line),
              ...rulesOf(content.panels[p].rules, plot, y({}).at, state.ink)
            ])
      ]
    });
  });
  return {
    plots,
    spec: frame({
      state,
      width: state.width,
      height: height + key.height,
      padding: 4,
      description: state.description,
      data,
      scales: [x.scale, y({}).scale, ...(right ? [right({}).scale] : [])],
      marks: [...key.marks, ...groups]
    })
  };
}
