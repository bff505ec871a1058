// Values from 0 on as colors: a group of rows for each choice. The largest value has the last color, because
// strengths of many candidates are all small.
import {axisOf, extentOf, isShown} from './axes.js';
import {frame, label, plotGroup} from './frame.js';
import {number} from './numbers.js';
import {NORMAL, shortened, SMALL, textWidth} from './text.js';

const ROW = 15;
const NAME = 20;
const GAP = 8;
const BELOW = 46;
const LEGEND = 40;

/// Where each column begins and ends: halfway to its neighbors.
function edges(columns) {
  const middle = (i) => (columns[i] + columns[i + 1]) / 2;
  const step = columns.length > 1 ? columns[1] - columns[0] : 1;
  return columns.map(
      (column, i) =>
          [i > 0 ? middle(i - 1) : column - step / 2,
           i + 1 < columns.length ? middle(i) : column + step / 2]);
}

export function heatMap(content, state) {
  const ink = state.ink.text;
  const names = content.groups.flatMap((group) => group.rows);
  const left =
      Math.round(12 + Math.min(state.width * 0.34, Math.max(0, ...names.map((name) => textWidth(name)))));
  const width = Math.max(60, state.width - left - 14);
  const columns = edges(content.columns);
  const x = axisOf({
    name: 'x',
    axis: {...content.x, logarithmic: false},
    orient: 'bottom',
    range: [0, width],
    count: Math.max(3, width / 75),
    domain: extentOf(columns.flat()),
    grid: false
  });
  const cells = [];
  const marks = [];
  let y = 0;
  for (const group of content.groups) {
    marks.push(label(
        shortened(group.name, width, NORMAL), 0, y + NAME / 2,
        {fontSize: NORMAL, fontWeight: 'bold', fill: ink}));
    y += NAME;
    group.rows.forEach((row, r) => {
      marks.push(
          label(shortened(row, left - 12), -8, y + ROW / 2, {align: 'right', fill: ink, tooltip: row}));
      group.values[r].forEach((value, c) => {
        if (!isShown(value) || !columns[c]?.every((edge) => isShown(edge))) return;
        // Whole pixels: no gaps between neighbors.
        cells.push({
          x: Math.round(x.at(columns[c][0])),
          x2: Math.round(x.at(columns[c][1])),
          y,
          value,
          told: `${group.name}: ${row}\n${content.x.title}: ${number(content.columns[c])}\n` +
              `${content.meaning}: ${number(value)}`
        });
      });
      y += ROW;
    });
    y += GAP;
  }
  const top = Math.max(0.1, Math.ceil(10 * Math.max(0, ...cells.map((cell) => cell.value))) / 10);
  const fill = {scale: 'color', field: 'value'};
  const enter = {
    x: {field: 'x'},
    x2: {field: 'x2'},
    y: {field: 'y'},
    height: {value: ROW - 1},
    fill,
    tooltip: {field: 'told'}
  };
  return {
    plots: [],
    spec: frame({
      state,
      width: state.width,
      height: LEGEND + y + BELOW,
      padding: 4,
      description: state.description,
      data: [{name: 'cells', values: cells}],
      scales: [
        x.scale, {name: 'color', type: 'linear', domain: [0, top], range: {scheme: 'viridis'}, clamp: true}
      ],
      marks: [plotGroup({x: left, y: LEGEND, width, height: y}, {
        axes: [{...x.axis, offset: 2}],
        legends: [{
          fill: 'color',
          orient: 'none',
          legendX: 0,
          legendY: -LEGEND,
          direction: 'horizontal',
          type: 'gradient',
          gradientLength: Math.min(160, width),
          gradientThickness: 9,
          title: content.meaning,
          titleOrient: 'left',
          titleFontSize: SMALL,
          titlePadding: 10,
          values: [0, top / 2, top],
          padding: 0
        }],
        marks: [{type: 'rect', aria: false, from: {data: 'cells'}, encode: {enter}}, ...marks]
      })]
    })
  };
}
