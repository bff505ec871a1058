// Horizontal lines with their names.
import {label, stroke} from './frame.js';
import {shortened, SMALL} from './text.js';

/// The horizontal lines. A label stands above its line at the left, where curves that rise or fall leave
/// room, or else where it covers no other label.
export function rulesOf(rules, plot, at, {text: ink, halo}) {
  const marks = [];
  const taken = [];
  for (const rule of [...rules].sort((a, b) => b.y - a.y)) {
    const y = at(rule.y);
    if (!Number.isFinite(y) || y < -0.5 || y > plot.height + 0.5) continue;
    marks.push(stroke(0, y, plot.width, y, {stroke: ink, strokeOpacity: 0.7, strokeDash: [5, 4]}));
    const places = [true, false].flatMap((left) => [y - 7, y + 8].map((middle) => ({left, middle})));
    const free = ({left, middle}) => middle > 5 && middle < plot.height - 5 &&
        taken.every((other) => other.left !== left || Math.abs(other.middle - middle) > 12);
    const place = places.find(free) ?? places[0];
    taken.push(place);
    const name = shortened(rule.name, plot.width * 0.48, SMALL - 1);
    const options = {align: place.left ? 'left' : 'right', fontSize: SMALL - 1, fontStyle: 'italic'};
    // With a rim of the color of the page, so that it can be read on curves.
    for (const color of [{fill: halo, stroke: halo, strokeWidth: 3, strokeJoin: 'round'}, {fill: ink}])
      marks.push(label(name, place.left ? 5 : plot.width - 5, place.middle, {...options, ...color}));
  }
  return marks;
}
