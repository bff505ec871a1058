// A critical-difference diagram (Demšar, 2006): the axis of ranks, the best at the left; the names at both
// sides, each tied to its rank; bars join those that the test cannot tell apart.
import {frame, label, stroke, symbol} from './frame.js';
import {number} from './numbers.js';
import {styleOf} from './styles.js';
import {shortened, textWidth} from './text.js';

const AXIS = 48;
const BAR = 9;
const ROW = 21;

export function ranks(content, state) {
  const ink = state.ink.text;
  const methods = content.methods;
  const names = methods.map((method) => textWidth(`${method.name}  00.00`));
  const side = 12 + Math.min(state.width * 0.32, Math.max(0, ...names));
  const width = Math.max(80, state.width - 2 * side);
  const last = Math.max(2, methods.length);
  const at = (rank) => side + width * (rank - 1) / (last - 1);
  const black = {stroke: ink};
  const marks = [stroke(at(1), AXIS, at(last), AXIS, black)];
  const every = Math.ceil(last / Math.max(2, width / 34));
  for (let rank = 1; rank <= last; ++rank) {
    const named = (rank - 1) % every === 0;
    marks.push(stroke(at(rank), AXIS - (named ? 6 : 3), at(rank), AXIS, black));
    if (named) marks.push(label(String(rank), at(rank), AXIS - 14, {align: 'center', fill: ink}));
  }
  if (content.critical_difference > 0 && Number.isFinite(content.critical_difference)) {
    const end = at(Math.min(last, 1 + content.critical_difference));
    marks.push(stroke(at(1), 14, end, 14, {...black, strokeWidth: 1.5}));
    for (const x of [at(1), end]) marks.push(stroke(x, 10, x, 18, {...black, strokeWidth: 1.5}));
    marks.push(label(`CD = ${content.critical_difference.toFixed(2)}`, end + 6, 14, {fill: ink}));
  }
  content.joined.forEach(([first, end], i) => {
    const y = AXIS + 10 + i * BAR;
    const [from, to] = [at(methods[first].rank) - 3, at(methods[end].rank) + 3];
    marks.push(stroke(from, y, to, y, {...black, strokeWidth: 4, strokeCap: 'round', strokeOpacity: 0.8}));
  });
  const below = AXIS + 12 + content.joined.length * BAR;
  const half = Math.ceil(methods.length / 2);
  methods.forEach((method, i) => {
    const left = i < half;
    const row = left ? i : methods.length - 1 - i;
    const y = below + 8 + row * ROW;
    const style = styleOf(method.style);
    const x = at(method.rank);
    const edge = left ? side - 8 : side + width + 8;
    const line = {stroke: ink, strokeOpacity: 0.65};
    marks.push(stroke(x, AXIS, x, y, line), stroke(x, y, edge, y, line));
    marks.push(
        symbol(x, AXIS, style, {size: 44, tooltip: `${method.name}: mean rank ${number(method.rank)}`}));
    const rank = method.rank.toFixed(2);
    const name = shortened(method.name, side - 12 - textWidth(`  ${rank}`));
    marks.push(label(left ? `${name}  ${rank}` : `${rank}  ${name}`, left ? edge - 4 : edge + 4, y, {
      align: left ? 'right' : 'left',
      fill: ink,
      tooltip: `${method.name}: mean rank ${number(method.rank)}`
    }));
  });
  return {
    plots: [],
    spec: frame({
      state,
      width: state.width,
      height: below + half * ROW + 8,
      padding: 4,
      description: state.description,
      marks
    })
  };
}
