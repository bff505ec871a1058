// The legend of a file. The page has buttons instead.
import {label, stroke, symbol} from './frame.js';
import {styleOf} from './styles.js';
import {shortened, textWidth} from './text.js';

const SAMPLE = 26;
const GAP = 6;
const BETWEEN = 18;
const ROW = 18;

/// Marks of the entries, in rows that are at most `width` wide, and how high they are.
export function legend(entries, width, ink) {
  const marks = [];
  let x = 0;
  let row = 0;
  for (const entry of entries) {
    const style = styleOf(entry.style);
    const text = shortened(entry.name, width - SAMPLE - GAP);
    const needed = SAMPLE + GAP + textWidth(text);
    if (x > 0 && x + needed > width) {
      x = 0;
      ++row;
    }
    const y = row * ROW + ROW / 2;
    const opacity = entry.faint ? 0.5 : 1;
    if (entry.line)
      marks.push(stroke(
          x, y, x + SAMPLE, y,
          {stroke: style.color, strokeWidth: 2, strokeDash: style.dash, strokeOpacity: opacity}));
    if (entry.symbol) marks.push(symbol(x + SAMPLE / 2, y, style, {fillOpacity: opacity}));
    marks.push(label(text, x + SAMPLE + GAP, y, {fill: ink}));
    x += needed + BETWEEN;
  }
  return {marks, height: entries.length > 0 ? (row + 1) * ROW + 6 : 0};
}
