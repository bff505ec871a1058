// Values with their intervals, a row each: a point, a whisker, the single values as small dots.
import {axisOf, extentOf, isShown, roomy} from './axes.js';
import {frame, hint, label, plotGroup, stroke, symbol} from './frame.js';
import {number} from './numbers.js';
import {styleOf} from './styles.js';
import {shortened, textWidth} from './text.js';

const ROW = 28;
const BELOW = 46;
const CAP = 4;
const JITTER = 7;

/// Always the same for the same place, from -1 to 1: the fractions of multiples of the golden ratio.
function jitter(i) {
  return 2 * ((i * 0.618033988749895) % 1) - 1;
}

/// How wide the widest of the texts is, within a share of the whole.
function columnWidth(texts, most) {
  return Math.min(most, Math.max(0, ...texts.map((text) => textWidth(text))));
}

function told(row, axis) {
  const parts = [`${row.name}: ${number(row.value)}`];
  if (row.interval) parts.push(`from ${number(row.interval[0])} to ${number(row.interval[1])}`);
  if (row.published !== null) parts.push(`published: ${number(row.published)}`);
  return [...parts, axis.title].join('\n');
}

function rowMarks(row, y, at, axis) {
  const style = styleOf(row.style);
  const shown = (value) => isShown(value, axis.logarithmic);
  const marks = row.dots.filter(shown).map(
      (value, i) => symbol(
          at(value), y + jitter(i + 1) * JITTER, style, {shape: 'circle', size: 14, fillOpacity: 0.45}));
  if (row.interval?.every(shown)) {
    const [low, high] = row.interval.map(at);
    const line = {stroke: style.color, strokeWidth: 2};
    marks.push(stroke(low, y, high, y, line));
    for (const end of [low, high]) marks.push(stroke(end, y - CAP, end, y + CAP, line));
  }
  if (shown(row.published))
    marks.push(symbol(at(row.published), y, style, {
      shape: 'diamond',
      size: 110,
      fill: null,
      stroke: style.color,
      strokeWidth: 1.6,
      tooltip: `${row.name}, published: ${number(row.published)}`
    }));
  if (shown(row.value)) marks.push(symbol(at(row.value), y, style, {size: 80, tooltip: told(row, axis)}));
  return marks;
}

export function intervals(content, state) {
  const ink = state.ink.text;
  const rows = content.rows.filter((row) => !state.hidden.has(row.name));
  const left = 18 + columnWidth(rows.map((row) => row.name), state.width * 0.36);
  const right = 20 + columnWidth(rows.map((row) => row.note), state.width * 0.32);
  const width = Math.max(60, state.width - left - right);
  const height = Math.max(1, rows.length) * ROW + 8;
  const values = rows.flatMap((row) => [row.value, row.published, ...(row.interval ?? []), ...row.dots]);
  if (content.rule !== null) values.push(content.rule);
  const x = axisOf({
    name: 'x',
    axis: content.x,
    orient: 'bottom',
    range: [0, width],
    count: Math.max(3, width / 75),
    domain: roomy(extentOf(values, content.x.logarithmic), content.x.logarithmic)
  });
  const marks = [];
  if (isShown(content.rule, content.x.logarithmic)) {
    const at = x.at(content.rule);
    marks.push(stroke(at, 0, at, height, {stroke: ink, strokeOpacity: 0.7, strokeDash: [5, 4]}));
  }
  rows.forEach((row, i) => {
    const y = 4 + (i + 0.5) * ROW;
    if (!state.isFile) marks.push(hint(-left, y - ROW / 2, state.width, ROW, told(row, content.x)));
    marks.push(label(shortened(row.name, left - 14), -12, y, {align: 'right', fill: ink, tooltip: row.name}));
    if (row.note)
      marks.push(label(
          shortened(row.note, right - 16), width + 12, y, {fill: ink, fillOpacity: 0.85, tooltip: row.note}));
    marks.push(...rowMarks(row, y, x.at, content.x));
  });
  const plot = {x: left, y: 0, width, height};
  return {
    plots: [plot],
    spec: frame({
      state,
      width: state.width,
      height: height + BELOW,
      padding: 4,
      description: state.description,
      scales: [x.scale],
      marks: [plotGroup(plot, {axes: [x.axis], marks})]
    })
  };
}
